import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { claimOf } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import type { LedgerRow, Move } from "../../ledger-port.ts";
import { movedRow } from "../../ledger-rows.ts";
import type { Store } from "../../port.ts";
import { readAddress } from "../database/address.ts";
import { Connections } from "../database/connections.ts";
import { postgres } from "../postgres.ts";
import { describeWithPostgres, usePostgres } from "../testing/use-postgres.ts";
import { claimBatch } from "./claim-batch.ts";
import { moveBatch } from "./move-batch.ts";

const DAY_MS = 86_400_000;

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describeWithPostgres("writes that gates fight over", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  let url: string;
  let sql: Connections;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-pg-contention-"));
    url = await used.newDatabase();
    sql = await connect(4);
  });
  afterEach(async () => {
    await sql.close();
    rmSync(folder, { recursive: true });
  });
  const connect = (max: number): Promise<Connections> =>
    Connections.open({ address: readAddress(url), schema: "callgate", max, statementMs: 0, applicationName: "test" });
  const open = (): Promise<Store> => postgres(url, { folder }).open(storeOptions);
  /** Resolves once so many statements wait for a lock of this database. */
  const untilWaiting = (count: number): Promise<void> =>
    expect
      .poll(
        () =>
          sql.run({
            text: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          }),
        { timeout: 30_000 },
      )
      .toEqual([[count]]);

  it("are claimed once without a key, also where the database is set to another isolation", async () => {
    const name = new URL(url).pathname.slice(1);
    await used.server.query(`ALTER DATABASE "${name}" SET default_transaction_isolation TO 'repeatable read'`);
    const gates = await Promise.all([open(), open()]);
    const claim = claimOf("w", { key: undefined });
    const claiming = await sql.transaction(async (run) => {
      await run({
        text: "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(E'\\x1f', $1::text, $2::text, $3::text), 7402))",
        values: [claim.subject, claim.tool, claim.digest],
      });
      const claims = gates.map(({ ledger }, index) => ledger.claim(claimOf(`w${index}`, { key: undefined })));
      await untilWaiting(2);
      return { claims };
    });
    const outcomes = await Promise.all(claiming.claims);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["claimed", "found"]);
    await Promise.all(gates.map((gate) => gate.close()));
  });

  it("are claimed and moved in one order, so that neither waits for the other in a circle", async () => {
    const store = await open();
    // The ids are in the order of their coming, the keys are not.
    const { row: last } = await store.ledger.claim(claimOf("w1", { key: "b" }));
    const { row: first } = await store.ledger.claim(claimOf("w2", { key: "a" }));
    const [moving, claiming] = await Promise.all([connect(1), connect(1)]);
    const [moves, claims] = [vi.spyOn(moving, "run"), vi.spyOn(claiming, "run")];
    const toMove = (row: LedgerRow) => {
      const move: Move = { row, from: ["claimed"], to: "running", now: 1_100 };
      return { move, after: movedRow(move), movedBy: `move of ${row.id}` };
    };
    const toClaim = (key: string) => ({ claim: claimOf(`again-${key}`, { key }), movedBy: `claim of ${key}` });
    const done = await sql.transaction(async (run) => {
      await run({ text: "SELECT 1 FROM writes WHERE id = $1 FOR UPDATE", values: [last.id] });
      const moved = moveBatch(moving, [last, first].map(toMove));
      await untilWaiting(1);
      const claimed = claimBatch(claiming, ["a", "b"].map(toClaim));
      await untilWaiting(2);
      return { moved, claimed };
    });
    expect(await done.moved).toEqual([{ value: true }, { value: true }]);
    expect(await done.claimed).toMatchObject([{ value: { kind: "found" } }, { value: { kind: "found" } }]);
    // The server ends a circle by undoing one of them, which is then sent again.
    expect([moves, claims].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    await Promise.all([moving.close(), claiming.close(), store.close()]);
  });

  it("are kept by a gate whose clock has jumped ahead of the server's", async () => {
    const store = await open();
    const now = Date.now();
    const { row } = await store.ledger.claim(claimOf("w", { now, leaseUntil: now + 1_000 }));
    await store.ledger.move({ row, from: ["claimed"], to: "done", now });
    expect(await store.ledger.expire(now + 400 * DAY_MS, DAY_MS)).toBe(0);
    await expect(store.ledger.get("w")).resolves.toMatchObject({ state: "done" });
    await store.close();
  });
});
