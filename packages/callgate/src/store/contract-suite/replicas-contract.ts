// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LedgerRow, LedgerStore, WriteState } from "../ledger-port.ts";
import type { Store } from "../port.ts";
import { auditRow, claimOf } from "./sample-rows.ts";
import { searchWhole } from "./search-whole.ts";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

/** What every store promises to several openings of it at once, as replicas have it (B6, W1). */
export function describeReplicas(declare: DeclareStore): void {
  describe("two openings at once", () => {
    const host = useStore(declare);
    let other: Store;
    beforeEach(async () => {
      other = await declare(host.folder).open(storeOptions);
    });
    afterEach(() => other.close());
    const move = (ledger: LedgerStore, row: LedgerRow, [from, to]: readonly [WriteState, WriteState]) =>
      ledger.move({ row, from: [from], to, now: 1_100 });

    it.each([["with a key", "key-1"] as const, ["without one", undefined] as const])(
      "give equal claims %s one winner",
      async (_, key) => {
        for (const round of [1, 2, 3, 4, 5]) {
          const given = { key, digest: `digest-${round}`, tool: `tool-${round}` };
          const outcomes = await Promise.all(
            Array.from({ length: 60 }, (_, index) =>
              (index % 2 === 0 ? host.store : other).ledger.claim(claimOf(`w${round}-${index}`, given)),
            ),
          );
          expect(outcomes.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
          expect(new Set(outcomes.map(({ row }) => row.id)).size).toBe(1);
        }
      },
    );

    it("claim and move the same rows in any order, each once, and neither waits for the other for ever", async () => {
      const { ledger } = host.store;
      const rows: LedgerRow[] = [];
      for (let index = 0; index < 30; index += 1)
        rows.push((await ledger.claim(claimOf(`w${index}`, { key: `k${index}` }))).row);
      const backwards = rows.toReversed();
      const [moves, claims] = await Promise.all([
        Promise.all([
          ...rows.map((row) => move(ledger, row, ["claimed", "released"])),
          ...backwards.map((row) => move(other.ledger, row, ["claimed", "released"])),
        ]),
        Promise.all([
          ...rows.map(({ key }, index) => ledger.claim(claimOf(`a${index}`, { key }))),
          ...backwards.map(({ key }, index) => other.ledger.claim(claimOf(`b${index}`, { key }))),
        ]),
      ]);
      expect(moves.filter((each) => each !== undefined)).toHaveLength(30);
      expect(new Set(claims.map(({ row }) => row.id))).toEqual(new Set(rows.map(({ id }) => id)));
    });

    it("append side by side, each to a chain of its own", async () => {
      const appended = Array.from({ length: 200 }, (_, index) =>
        (index % 2 === 0 ? host.store : other).audit.append(auditRow(`c${index}`)),
      );
      await Promise.all(appended);
      expect(await other.audit.verify()).toMatchObject({ rows: 200, writers: 2, faults: [] });
      const { records } = await searchWhole(host.store.audit, { limit: 300 });
      expect(new Set(records.map(({ callId }) => callId)).size).toBe(200);
    });
  });
}
