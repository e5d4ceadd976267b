import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import type { BackendHost } from "../../define/backend-host.ts";
import { CallError } from "../../define/call-error.ts";
import { inputRequired } from "../../define/input-required.ts";
import { StoreOpening } from "../../gate/open/store-opening.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { checkGate } from "../check-gate.ts";
import type { CheckReport } from "../check-report.ts";
import { gateOf, writeOf } from "../testing/rule-cases.ts";

const input = z.object({ book_id: z.string() }).meta({ examples: [{ book_id: "book_1" }] });
const check = (changes: object, more: object = {}): Promise<CheckReport> =>
  checkGate(gateOf(writeOf({ input, ...changes }), {}, more), { plans: true });
const told = ({ findings }: CheckReport): readonly string[] =>
  findings.filter(({ rule }) => rule.startsWith("plan-un")).map(({ rule, message }) => `${rule}: ${message}`);

it("[T6] tells where two plans of one example differ, but for what is volatile", async () => {
  const plan = ({ book_id }: { book_id: string }) => ({
    preview: { book_id, seconds: Math.floor(Date.now() / 1_000) },
    loans: [{ id: randomUUID() }],
  });
  const report = await check({ plan });
  expect(told(report)).toEqual([
    expect.stringMatching(
      /^plan-unstable: Planned twice for \{"book_id":"book_1"\}, it differs: loans\[0\]\.id is "[\w-]+", then "[\w-]+"; preview\.seconds is \d+, then \d+\.$/,
    ),
  ]);
  expect(report.findings.find(({ rule }) => rule === "plan-unstable")).toMatchObject({ severity: "error" });
  const still = ({ book_id }: { book_id: string }) => ({ preview: { book_id }, quote: randomUUID() });
  const steady = await check({ plan: still, volatile: ["quote"] });
  expect([told(steady), steady.plans]).toEqual([[], [expect.objectContaining({ outcome: "same" })]]);
});

it("[T6] plans with the read credential alone, of a tool that nobody has switched on, and commits nothing", async () => {
  const opened: string[] = [];
  const backend = {
    start: ({ access }: { access: string }) => {
      opened.push(access);
      return { books: [access] };
    },
  };
  const plan = (_input: object, { backend: { books } }: { backend: { books: string[] } }) => ({ preview: { books } });
  const commit = (): never => {
    throw new Error("nothing is to be committed");
  };
  const { plans } = await check({ plan, commit }, { backend });
  expect([opened, plans?.map(({ outcome }) => outcome)]).toEqual([["read"], ["same"]]);
});

it("[C9] uses a credential that is kept in the gate's own store from there, and keeps its other books apart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "callgate-plans-"));
  const store = sqlite(join(folder, "gate.db"));
  const begun = new StoreOpening(gateOf(writeOf({ input }), { store }), Date.now);
  await begun.lent.tokens.lease({ name: "crm", owner: "test" }, 1);
  const sealed = begun.lent.sealer.seal("crm", "the newest token");
  await begun.lent.tokens.put({ name: "crm", version: 0, sealed, at: Date.now() });
  await begun.close();
  const backend = {
    start: async (_: object, { tokens, sealer }: BackendHost) => {
      const row = await tokens.get("crm");
      return { books: [String(row?.sealed && sealer.unseal("crm", row.sealed))] };
    },
  };
  const planned: string[] = [];
  const plan = (_: object, { backend: { books } }: { backend: { books: string[] } }) => {
    planned.push(...books);
    return { preview: {} };
  };
  const checked = gateOf(writeOf({ input, plan }), { store }, { backend });
  expect(await checkGate(checked, { plans: true })).toMatchObject({ plans: [{ outcome: "same" }] });
  expect(planned).toEqual(["the newest token", "the newest token"]);
  rmSync(folder, { recursive: true });
});

it("[T6] says what it could not try, and why", async () => {
  const refuse = (): never => {
    throw new CallError("taken", "The book is lent.", { next: "Take another one." });
  };
  expect(told(await check({ plan: refuse }))).toEqual([
    'plan-unchecked: Its plan refuses the example {"book_id":"book_1"}: The book is lent.',
  ]);
  expect(told(await check({ input: z.object({ book_id: z.string() }) }))).toEqual([
    "plan-unchecked: It has no example to plan.",
  ]);
  const ask = () => inputRequired({ requests: {}, state: {} });
  expect(told(await check({ plan: ask }))).toEqual([
    'plan-unchecked: lend_book asks its caller before it plans {"book_id":"book_1"}.',
  ]);
  expect(told(await check({ plan: () => ({ preview: { at: 1n } }) }))).toEqual([
    expect.stringContaining("it holds what is no JSON"),
  ]);
});
