// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditQuery, AuditRow, AuditStore } from "../audit-port.ts";
import { auditRow } from "./sample-rows.ts";
import { searchWhole } from "./search-whole.ts";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

const vocabulary = ["late", "Zürich", "zurich", "arrival", "O'Hara", "100%", "under_score", "Ärger", "\\n", "x"];
const word = fc.constantFrom(...vocabulary);
const words = fc.array(word, { maxLength: 4 }).map((list) => list.join(" "));
const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });

const rowParts = fc.record({
  at: fc.integer({ min: 0, max: 50 }),
  subject: maybe(fc.constantFrom("user:anna", "user:ben")),
  tenant: maybe(fc.constantFrom("north", "south")),
  caller: maybe(fc.constantFrom("key_1", "key_2")),
  tool: maybe(fc.constantFrom("find_bookings", "get_booking", "create_booking")),
  domain: maybe(fc.constantFrom("bookings", "guests")),
  outcome: fc.constantFrom("ok", "ok", "ok", "error", "refused"),
  code: maybe(fc.constantFrom("rate_limited", "not_found")),
  traceId: maybe(fc.constantFrom("t1", "t2", "t3")),
  writeId: maybe(fc.constantFrom("w1", "w2")),
  reason: maybe(fc.oneof(words, fc.string())),
  message: maybe(words),
  arguments: maybe(words.map((text) => JSON.stringify({ text }))),
  sent: maybe(words.map((text) => JSON.stringify([text]))),
}) satisfies fc.Arbitrary<Partial<AuditRow>>;

const queryParts = fc.record(
  {
    subject: fc.constantFrom("user:anna", "user:ben", "user:none"),
    tenant: fc.constantFrom("north", "south"),
    caller: fc.constantFrom("key_1", "key_2"),
    tool: fc.constantFrom("find_bookings", "get_booking"),
    domain: fc.constantFrom("bookings", "guests"),
    outcome: fc.constantFrom("ok", "error", "refused", "preview"),
    code: fc.constantFrom("rate_limited", "not_found"),
    traceId: fc.constantFrom("t1", "t2"),
    writeId: fc.constantFrom("w1", "w2"),
    from: fc.integer({ min: 0, max: 50 }),
    until: fc.integer({ min: 0, max: 50 }),
    text: fc.array(word, { minLength: 1, maxLength: 2 }).map((list) => list.join(" ")),
  },
  { requiredKeys: [] },
) satisfies fc.Arbitrary<Partial<AuditQuery>>;

/** What every audit promises (docs/audit.md; O1; SECURITY 31). */
export function describeAudit(declare: DeclareStore): void {
  describe("audit", () => {
    const host = useStore(declare);

    it("gives back what was recorded, with its place in the chain", async () => {
      const row = auditRow("c1", { reason: "zero \0 and half \ud800", sent: "{}", traceId: "t1", code: "x" });
      await host.store.audit.append(row);
      await host.reopen();
      const record = await host.store.audit.get("c1");
      expect(record).toMatchObject({ ...row, reason: "zero \uFFFD and half \uFFFD", ordinal: 1 });
      expect(await host.store.audit.get("c2")).toBeUndefined();
      expect(await host.store.audit.verify()).toMatchObject({ rows: 1, writers: 1, faults: [] });
    });

    it("refuses one row that cannot be stored and takes its neighbours", async () => {
      const broken = auditRow("broken", { at: Number.NaN });
      const done = await Promise.allSettled(
        [auditRow("c1"), broken, auditRow("c3")].map((row) => host.store.audit.append(row)),
      );
      expect(done.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await host.store.audit.verify()).toMatchObject({ rows: 2, faults: [] });
    });

    it("searches like a filter over all rows, before and after they are sealed and indexed", async () => {
      const rows = fc.sample(rowParts, { numRuns: 400, seed: 31 }).map((parts, index) => auditRow(`c${index}`, parts));
      for (const [index, row] of rows.entries()) {
        await (index % 10 === 0 ? host.store.audit.append(row) : void host.store.audit.append(row));
      }
      await searchesLike(host.store.audit, rows);
      await expect.poll(async () => (await host.store.audit.status()).textIndexLag, { timeout: 10_000 }).toBe(0);
      await searchesLike(host.store.audit, rows);
      expect(await host.store.audit.verify()).toMatchObject({ rows: 400, faults: [] });
    });

    it("pages without gaps and doubles while rows are appended", async () => {
      const { audit } = host.store;
      for (let index = 0; index < 300; index += 1) void audit.append(auditRow(`c${index}`));
      await audit.append(auditRow("c300"));
      const seen: string[] = [];
      let added = 300;
      for await (const page of pages(audit, { limit: 7 })) {
        seen.push(...page);
        for (let more = 0; more < 20; more += 1) await audit.append(auditRow(`c${(added += 1)}`));
      }
      expect(seen).toEqual(Array.from({ length: 301 }, (_, index) => `c${300 - index}`));
    });

    it("knows of many calls at once whether their end is on record, also in sealed segments; an intent is no end", async () => {
      const { audit } = host.store;
      await audit.append(auditRow("begun", { kind: "intent" }));
      await audit.append(auditRow("streamed", { kind: "intent" }));
      await audit.append(auditRow("streamed"));
      await audit.append(auditRow("cut-off", { kind: "recovered" }));
      for (let index = 0; index < 300; index += 1) void audit.append(auditRow(`c${index}`));
      await audit.append(auditRow("last"));
      const ended = await audit.recorded(["begun", "streamed", "cut-off", "c0", "c299", "last", "nobody", "last"]);
      expect(ended).toEqual(new Set(["streamed", "cut-off", "c0", "c299", "last"]));
      expect(await audit.recorded([])).toEqual(new Set());
    });

    it("refuses a cursor that it has not given", async () => {
      const asked = host.store.audit.search({ limit: 5, cursor: "not a cursor" });
      await expect(asked).rejects.toMatchObject({ code: "store_invalid" });
    });

    it("erases a payload for good, and the row still proves", async () => {
      const { audit } = host.store;
      const payload = {
        reason: "secretword",
        message: "secretword",
        arguments: '"secretword"',
        result: "{}",
        sent: "[]",
      };
      for (let index = 0; index < 100; index += 1)
        await audit.append(auditRow(`c${index}`, index === 5 || index === 99 ? payload : {}));
      await expect.poll(async () => (await audit.status()).textIndexLag, { timeout: 10_000 }).toBe(0);
      expect((await searchWhole(audit, { text: "secretword", limit: 9 })).records).toHaveLength(2);
      expect(await audit.erase("c5")).toBe(true);
      expect(await audit.erase("c99")).toBe(true);
      expect(await audit.erase("c99")).toBe(true);
      expect(await audit.erase("nobody")).toBe(false);
      expect((await searchWhole(audit, { text: "secretword", limit: 9 })).records).toEqual([]);
      const erased = {
        reason: undefined,
        message: undefined,
        arguments: undefined,
        result: undefined,
        sent: undefined,
      };
      expect(await audit.get("c5")).toMatchObject({ ...erased, subject: "user:anna", ordinal: 6 });
      expect(await audit.verify()).toMatchObject({ rows: 100, faults: [] });
    });

    it("keeps one chain a start, and proves them all", async () => {
      await host.store.audit.append(auditRow("c1"));
      const other = await declare(host.folder).open(storeOptions);
      await Promise.all([other.audit.append(auditRow("c2")), host.store.audit.append(auditRow("c3"))]);
      await other.close();
      await host.reopen();
      await host.store.audit.append(auditRow("c4"));
      expect(await host.store.audit.verify()).toMatchObject({ rows: 4, writers: 3, faults: [] });
    });
  });
}

async function searchesLike(audit: AuditStore, rows: readonly AuditRow[]): Promise<void> {
  const newestFirst = rows.toReversed();
  await fc.assert(
    fc.asyncProperty(queryParts, fc.integer({ min: 1, max: 60 }), async (query, limit) => {
      const found: string[] = [];
      for await (const page of pages(audit, { ...query, limit })) found.push(...page);
      expect(found).toEqual(newestFirst.filter((row) => meets(row, query)).map(({ callId }) => callId));
    }),
    { numRuns: 120 },
  );
}

async function* pages(audit: AuditStore, query: AuditQuery): AsyncGenerator<readonly string[]> {
  let cursor: string | undefined;
  do {
    const page = await audit.search(cursor === undefined ? query : { ...query, cursor });
    yield page.records.map(({ callId }) => callId);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

// The plain model: no index, no segments.
function meets(row: AuditRow, { from, until, text, ...equal }: Omit<AuditQuery, "limit" | "cursor">): boolean {
  if (from !== undefined && row.at < from) return false;
  if (until !== undefined && row.at >= until) return false;
  if (Object.entries(equal).some(([name, value]) => row[name as keyof AuditRow] !== value)) return false;
  const said = [row.reason, row.message].join(" ");
  const json = [row.arguments, row.result, row.sent].map((part) =>
    part === undefined ? "" : leaves(JSON.parse(part)),
  );
  const there = new Set(plainWords([said, ...json].join(" ")));
  return plainWords(text ?? "").every((each) => there.has(each));
}

function leaves(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => (Array.isArray(value) ? leaves(part) : `${key} ${leaves(part)}`))
    .join(" ");
}

function plainWords(text: string): readonly string[] {
  return (
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
