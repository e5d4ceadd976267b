import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { auditRow, claimOf, keyRow } from "../contract-suite/sample-rows.ts";
import { searchWhole } from "../contract-suite/search-whole.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import type { ClaimOutcome } from "../ledger-port.ts";
import type { Store } from "../port.ts";
import { StoreError } from "../store-error.ts";
import { readAddress } from "./database/address.ts";
import { Connections } from "./database/connections.ts";
import { postgres } from "./postgres.ts";
import { TcpProxy } from "./testing/tcp-proxy.ts";
import { describeWithPostgres, usePostgres } from "./testing/use-postgres.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** B6; SECURITY 31 and 33 as far as they are the store's. */
describeWithPostgres("PostgreSQL under force", () => {
  const used = usePostgres();
  let folder: string;
  let proxy: TcpProxy;
  let url: string;
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-pg-store-"));
    proxy = await TcpProxy.start(used.server.port);
    url = proxy.through(await used.newDatabase());
    store = await postgres(url, { folder }).open(storeOptions);
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
    rmSync(folder, { recursive: true });
  });

  it.each(["cut-before", "cut-after"] as const)(
    "records once what was under way when the connection was lost (%s)",
    async (fault) => {
      await store.audit.append(auditRow("before"));
      const struck = proxy.strike(fault, "COPY audit_rows");
      const appended = Promise.all(["c1", "c2", "c3"].map((callId) => store.audit.append(auditRow(callId))));
      await struck;
      await appended;
      await store.audit.append(auditRow("after"));
      const { records } = await searchWhole(store.audit, { limit: 9 });
      expect(records.map(({ callId }) => callId)).toEqual(["after", "c3", "c2", "c1", "before"]);
      expect(await store.audit.verify()).toMatchObject({ rows: 5, writers: 1, faults: [] });
    },
  );

  it.each(["cut-before", "cut-after"] as const)("claims once, for the one who asked (%s)", async (fault) => {
    await store.ledger.claim(claimOf("first", { key: "first" }));
    const struck = proxy.strike(fault, "order_the_sun");
    const claims = ["w1", "w2"].map((id) => store.ledger.claim(claimOf(id, { tool: "order_the_sun" })));
    await struck;
    const outcomes = await Promise.all(claims);
    expect(outcomes).toMatchObject([
      { kind: "claimed", row: { id: "w1", attempt: 1 } },
      { kind: "found", row: { id: "w1", attempt: 1 } },
    ]);
    const released = await store.ledger.move({
      row: (outcomes[0] as ClaimOutcome).row,
      from: ["claimed"],
      to: "released",
      now: 2_000,
    });
    const again = proxy.strike(fault, "order_the_sun");
    const retaken = store.ledger.claim(claimOf("w3", { tool: "order_the_sun" }));
    await again;
    expect(released).toMatchObject({ state: "released" });
    expect(await retaken).toMatchObject({ kind: "claimed", row: { id: "w1", attempt: 2, callId: "call-w3" } });
  });

  it.each(["cut-before", "cut-after"] as const)("moves once, for one of those who try (%s)", async (fault) => {
    const { row } = await store.ledger.claim(claimOf("moved-row"));
    const struck = proxy.strike(fault, "moved-row");
    const moves = [1, 2, 3].map((now) => store.ledger.move({ row, from: ["claimed"], to: "running", now }));
    await struck;
    const moved = (await Promise.all(moves)).filter((each) => each !== undefined);
    expect(moved).toHaveLength(1);
    expect(await store.ledger.get("moved-row")).toEqual(moved[0]);
  });

  it.each(["cut-before", "cut-after"] as const)("makes a key once (%s)", async (fault) => {
    await store.keys.insert(keyRow("k1"));
    const struck = proxy.strike(fault, "COMMIT");
    const rotated = store.keys.rotate("k1", keyRow("k2"), 9_000);
    await struck;
    await rotated;
    expect(await store.keys.byId("k1")).toMatchObject({ replacedBy: "k2", expiresAt: 9_000 });
    expect(await store.keys.list()).toHaveLength(2);
  });

  it("does not wait for ever for a server that says nothing", async () => {
    const options = { schema: "callgate", max: 1, statementMs: 300, applicationName: "test" };
    const connections = await Connections.open({ address: readAddress(url), ...options });
    try {
      const slept = connections.run({ text: "SELECT pg_sleep(30)" });
      await expect(slept).rejects.toMatchObject({ code: "store_unavailable", aftermath: "refused" });
      const struck = proxy.strike("stall", "version()");
      const asked = connections.run({ text: "SELECT version()" });
      await struck;
      await expect(asked).rejects.toMatchObject({ code: "store_in_doubt", aftermath: "in-doubt" });
      expect(await connections.run({ text: "SELECT 1" })).toEqual([[1]]);
    } finally {
      await connections.close();
    }
  });

  it("records nothing while the server is away, says so in time, and goes on when it is back", async () => {
    await store.audit.append(auditRow("before"));
    await used.server.stop();
    const started = performance.now();
    const refused = await Promise.allSettled([
      store.audit.append(auditRow("away")),
      store.ledger.claim(claimOf("away")),
      store.keys.byId("k1"),
      store.health(AbortSignal.timeout(5_000)),
    ]);
    expect(performance.now() - started).toBeLessThan(30_000);
    const codes = refused.map((each) => (each.status === "rejected" ? each.reason.code : "done"));
    expect(codes).toEqual(Array.from({ length: 4 }, () => "store_unavailable"));
    await used.server.start();
    await store.audit.append(auditRow("after"));
    expect(await store.ledger.get("away")).toBeUndefined();
    expect(await store.audit.verify()).toMatchObject({ rows: 2, faults: [] });
  });

  it.each(["restart", "kill"] as const)(
    "has every acknowledged row and claim after a %s under load",
    async (how) => {
      const acknowledged: string[] = [];
      const refusals = new Set<unknown>();
      const working = new AbortController();
      const work = async (worker: number): Promise<void> => {
        for (let index = 0; !working.signal.aborted; index += 1) {
          const id = `${worker}-${index}`;
          try {
            const { row } = await store.ledger.claim(claimOf(id, { key: id }));
            await store.ledger.move({ row, from: ["claimed"], to: "done", now: 1_200 });
            await store.audit.append(auditRow(id));
            acknowledged.push(id);
          } catch (error) {
            refusals.add(error instanceof StoreError ? error.code : error);
          }
        }
      };
      const workers = Array.from({ length: 16 }, (_, worker) => work(worker));
      for (const round of [1, 2, 3]) {
        await expect.poll(() => acknowledged.length, { timeout: 40_000 }).toBeGreaterThan(round * 200);
        if (how === "kill") {
          await used.server.kill();
          await used.server.start();
        } else await used.server.restart();
      }
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 40_000 }).toBeGreaterThan(before + 200);
      working.abort();
      await Promise.all(workers);
      expect(["store_unavailable", "store_in_doubt"]).toEqual(expect.arrayContaining([...refusals]));
      expect(await store.audit.recorded(acknowledged)).toEqual(new Set(acknowledged));
      const rows = await Promise.all(acknowledged.map((id) => store.ledger.get(id)));
      expect(rows.filter((row) => row?.state !== "done")).toEqual([]);
      const [[twice] = []] = await countTwice(url);
      expect(twice).toBe(0);
      expect((await store.audit.verify()).faults).toEqual([]);
    },
    60_000,
  );
});

/** How many calls stand in the audit more than once. */
async function countTwice(url: string): Promise<readonly (readonly unknown[])[]> {
  const options = { schema: "callgate", max: 1, statementMs: 10_000, applicationName: "test" };
  const connections = await Connections.open({ address: readAddress(url), ...options });
  try {
    return await connections.run({
      text: "SELECT count(*) FROM (SELECT call_id FROM audit_rows GROUP BY call_id HAVING count(*) > 1) AS twice",
    });
  } finally {
    await connections.close();
  }
}
