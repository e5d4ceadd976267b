import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditRow } from "../store/audit-port.ts";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import type { Store } from "../store/port.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { type Refusal, toRefusalRow } from "./refusals.ts";

const refusal: Refusal = {
  at: 5_000,
  subject: "address 192.0.2.1",
  subjectKind: undefined,
  tenant: "north",
  tool: undefined,
  domain: undefined,
  method: "tools/call",
  code: "credential_invalid",
  transport: "http",
  revision: "2026-07-28",
};

let folder: string;
let store: Store;
let recorder: Recorder;
let problems: unknown[];

async function open(): Promise<void> {
  const keyRing = { chainKey: new Uint8Array(32).fill(7), chainKeyId: "test" };
  store = await sqlite(join(folder, "gate.db")).open({ keyRing, clock: Date.now });
  problems = [];
  recorder = createRecorder({ store: store.audit, maxPayloadBytes: 512, onProblem: (error) => problems.push(error) });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-audit-"));
  await open();
});

afterEach(async () => {
  await recorder.close();
  await store.close();
  await rm(folder, { recursive: true });
});

function rowWith(part: Partial<AuditRow>): AuditRow {
  return { ...toRefusalRow({ refusal, count: 1 }, "call_1"), kind: "call", outcome: "ok", ...part };
}

async function counted(): Promise<readonly (readonly [string | undefined, string | undefined, number])[]> {
  const { records } = await searchWhole(store.audit, { limit: 100 });
  const refusals = records.filter(({ kind }) => kind === "refusals");
  return refusals.map(({ subject, code, count }) => [subject, code, count] as const).toSorted((a, b) => a[2] - b[2]);
}

test("a recorded row is durable and found again", async () => {
  await recorder.record(rowWith({ tool: "find_bookings", arguments: '{"a":1}', reason: "Anna asked" }));
  expect(await store.audit.get("call_1")).toMatchObject({
    tool: "find_bookings",
    arguments: '{"a":1}',
    reason: "Anna asked",
  });
  await recorder.close();
  await store.close();
  await open();
  expect(await store.audit.get("call_1")).toMatchObject({ tool: "find_bookings" });
});

test("nobody makes a row longer than it is meant to be", async () => {
  const long = "x".repeat(100_000);
  const payload = JSON.stringify({ long });
  await recorder.record(
    rowWith({ arguments: payload, result: payload, sent: payload, reason: long, message: long, client: long }),
  );
  const record = await store.audit.get("call_1");
  for (const text of [record?.arguments, record?.result, record?.sent]) {
    expect(JSON.parse(text ?? "")).toMatchObject({ truncated: true, bytes: payload.length });
  }
  expect(JSON.stringify(record).length).toBeLessThan(12_000);
});

test("a row that the store refuses is said to be not recorded", async () => {
  await store.close();
  await expect(recorder.record(rowWith({}))).rejects.toThrow();
});

test("refusals by the thousand become a row for each subject, tool, code and second (SECURITY 31)", async () => {
  for (let each = 0; each < 5_000; each += 1) recorder.refuse(refusal);
  for (let each = 0; each < 30; each += 1)
    recorder.refuse({ ...refusal, subject: "person:ada", tool: "find_bookings", code: "rate_limited" });
  for (let each = 0; each < 20; each += 1) recorder.refuse({ ...refusal, at: 6_000 });
  await recorder.flush();
  await recorder.flush();
  expect(await counted()).toEqual([
    ["address 192.0.2.1", "credential_invalid", 20],
    ["person:ada", "rate_limited", 30],
    ["address 192.0.2.1", "credential_invalid", 5_000],
  ]);
});

test("from however many addresses, the rows stay few and none is left uncounted", async () => {
  for (let each = 0; each < 50_000; each += 1) recorder.refuse({ ...refusal, at: each, subject: `address ${each}` });
  await recorder.flush();
  const { rows } = await store.audit.status();
  expect(rows).toBeLessThanOrEqual(1_001);
  const { records } = await searchWhole(store.audit, { limit: 2_000, subject: "others" });
  expect(records.map(({ count }) => count)).toEqual([49_000]);
  const { records: ofTenant } = await searchWhole(store.audit, { limit: 2_000, tenant: "north" });
  expect(ofTenant).toHaveLength(1_000);
});

test("what is counted is recorded within a second or so by itself, and what is left at the end", async () => {
  recorder.refuse(refusal);
  await expect.poll(counted, { timeout: 30_000 }).toEqual([[refusal.subject, refusal.code, 1]]);
  recorder.refuse({ ...refusal, at: 9_000 });
  recorder.refuse({ ...refusal, at: 9_000 });
  await recorder.close();
  expect((await counted()).at(-1)).toEqual([refusal.subject, refusal.code, 2]);
});

test("what is being recorded when it is closed is durable by then", async () => {
  const order: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const slow = {
    append: async (row: AuditRow) => {
      begin();
      await mayEnd;
      await store.audit.append(row);
      order.push("durable");
    },
  };
  const closed = createRecorder({
    store: { ...store.audit, ...slow },
    maxPayloadBytes: 512,
    onProblem: () => undefined,
  });
  closed.refuse(refusal);
  const flushed = closed.flush();
  await begun;
  const closing = closed.close().then(() => order.push("closed"));
  setImmediate(end);
  await Promise.all([flushed, closing]);
  expect(order).toEqual(["durable", "closed"]);
});

test("refusals that could not be recorded stay counted, and the log hears of it", async () => {
  recorder.refuse(refusal);
  await store.close();
  await expect(recorder.flush()).rejects.toThrow();
  await expect(recorder.flush()).rejects.toThrow();
  await recorder.close();
  expect(problems).toHaveLength(1);
});
