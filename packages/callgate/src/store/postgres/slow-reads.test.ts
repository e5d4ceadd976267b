import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keyRow } from "../contract-suite/sample-rows.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import type { Store } from "../port.ts";
import { readAddress } from "./database/address.ts";
import { Connections } from "./database/connections.ts";
import { postgres } from "./postgres.ts";
import { describeWithPostgres, usePostgres } from "./testing/use-postgres.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MORE_THAN_THERE_ARE = 20;

describeWithPostgres("while every connection for reads is taken", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  let sql: Connections;
  let stores: Store[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-pg-reads-"));
    const url = await used.newDatabase();
    const open = (): Promise<Store> => postgres(url, { folder }).open(storeOptions);
    stores = await Promise.all([open(), open()]);
    const options = { schema: "callgate", max: 2, statementMs: 0, applicationName: "test" };
    sql = await Connections.open({ address: readAddress(url), ...options });
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await sql.close();
    rmSync(folder, { recursive: true });
  });

  /** Does something while lists of one store wait for a lock; fails where one of them has ended by then. */
  const whileReadsWait = (store: Store, work: () => Promise<void>): Promise<void> =>
    sql.transaction(async (run) => {
      await run({ text: "LOCK TABLE writes" });
      let ended = 0;
      const reads = Array.from({ length: MORE_THAN_THERE_ARE }, () =>
        store.ledger.list({ limit: 1 }).finally(() => void (ended += 1)),
      );
      void Promise.allSettled(reads);
      await expect
        .poll(() => sql.run({ text: "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'" }))
        .toEqual([[true]]);
      await work();
      expect(ended).toBe(0);
    });

  it("[C4] a key that another gate revokes is known to be revoked (SECURITY 7)", async () => {
    const [one, other] = stores as [Store, Store];
    await one.keys.insert(keyRow("k1"));
    await expect.poll(() => other.keys.version()).toBe(one.keys.version());
    await whileReadsWait(other, async () => {
      await one.keys.revoke("k1", 2_000);
      await expect.poll(() => other.keys.version()).toBe(one.keys.version());
      expect(await other.keys.list()).toMatchObject([{ id: "k1", revokedAt: 2_000 }]);
    });
  });

  it("[W5] a tool that another gate switches off is known to be off", async () => {
    const [one, other] = stores as [Store, Store];
    const before = await other.graduations.version();
    const graduation = { domain: "d", tool: "t", contractHash: "c", proofId: "p", at: 1_000, by: "olga" };
    await one.graduations.graduate(graduation);
    await whileReadsWait(other, async () => {
      await one.graduations.withdraw({ tool: "t", at: 2_000, by: "olga" });
      expect(await other.graduations.version()).toBe(before + 2);
      expect(await other.graduations.list()).toMatchObject([{ tool: "t", withdrawnAt: 2_000 }]);
    });
  });
});
