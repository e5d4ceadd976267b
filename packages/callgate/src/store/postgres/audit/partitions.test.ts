import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { chainHashers, chainKeysOf } from "../../audit-chain.ts";
import type { AuditFault } from "../../audit-port.ts";
import { auditRow } from "../../contract-suite/sample-rows.ts";
import { searchWhole } from "../../contract-suite/search-whole.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import type { Store } from "../../port.ts";
import { readAddress } from "../database/address.ts";
import { Connections } from "../database/connections.ts";
import { type PostgresOptions, postgres } from "../postgres.ts";
import { describeWithPostgres, usePostgres } from "../testing/use-postgres.ts";
import { AuditSegments } from "./audit-segments.ts";
import { dropSegments } from "./drop-segments.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HOUR = 3_600_000;

describeWithPostgres("partitions of the audit", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  let url: string;
  let now: number;
  let sql: Connections;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-pg-audit-"));
    url = await used.newDatabase();
    now = 100 * HOUR;
    const options = { schema: "callgate", max: 1, statementMs: 10_000, applicationName: "test" };
    sql = await Connections.open({ address: readAddress(url), ...options });
  });
  afterEach(async () => {
    await sql.close();
    rmSync(folder, { recursive: true });
  });
  const open = (options: PostgresOptions = {}, keyRing = storeOptions.keyRing): Promise<Store> =>
    postgres(url, { folder, partitionHours: 1, ...options }).open({ keyRing, clock: () => now });
  const append = async (store: Store, from: number, until: number): Promise<void> => {
    for (let index = from; index < until; index += 1)
      await store.audit.append(auditRow(`c${index}`, { at: now, reason: `reason ${index}` }));
  };
  const statesOf = async (): Promise<readonly unknown[]> =>
    (await sql.run({ text: "SELECT state FROM audit_segments ORDER BY number" })).map(([state]) => state);
  const countOf = async (state: string): Promise<number> => (await statesOf()).filter((each) => each === state).length;
  const faultsOf = async (store: Store): Promise<readonly Pick<AuditFault, "problem" | "ordinal" | "callId">[]> =>
    (await store.audit.verify()).faults.map(({ problem, ordinal, callId }) => ({ problem, ordinal, callId }));

  /** Thirty rows, ten in each of three hours, of which the first two are sealed. */
  async function fill(options: PostgresOptions = {}): Promise<Store> {
    let store = await open(options);
    for (const round of [0, 1, 2]) {
      await append(store, round * 10, round * 10 + 10);
      now += HOUR;
    }
    // Housekeeping looks at once when a store opens, then at the pace of its partitions.
    await store.close();
    store = await open(options);
    await expect.poll(() => countOf("sealed")).toBe(2);
    return store;
  }

  it("are made ahead, sealed when their time is over, and searched as one", async () => {
    const store = await fill();
    await append(store, 30, 35);
    const { records } = await searchWhole(store.audit, { limit: 100 });
    expect(records.map(({ callId }) => callId)).toEqual(Array.from({ length: 35 }, (_, index) => `c${34 - index}`));
    const early = await searchWhole(store.audit, { limit: 100, until: 101 * HOUR });
    expect(early.records.map(({ callId }) => callId)).toEqual(
      Array.from({ length: 10 }, (_, index) => `c${9 - index}`),
    );
    expect(await store.audit.status()).toMatchObject({ rows: 35 });
    expect(await store.audit.verify()).toMatchObject({ rows: 35, writers: 2, faults: [] });
    await store.close();
  });

  it("take the rows of a gate whose clock is behind, once they are sealed, in the one that follows", async () => {
    const store = await fill();
    now -= 3 * HOUR - 1;
    const behind = await open();
    await append(behind, 30, 32);
    now += 3 * HOUR;
    expect((await searchWhole(store.audit, { limit: 2 })).records.map(({ callId }) => callId)).toEqual(["c31", "c30"]);
    expect(await store.audit.verify()).toMatchObject({ rows: 32, faults: [] });
    await Promise.all([behind.close(), store.close()]);
  });

  it("are dropped when they are old enough, and the rest still proves", async () => {
    const store = await fill();
    await store.close();
    now += 24 * HOUR;
    const later = await open({ retentionDays: 1 });
    await expect.poll(() => countOf("dropped")).toBe(3);
    await append(later, 30, 33);
    expect(await later.audit.status()).toMatchObject({ rows: 3 });
    expect(await later.audit.verify()).toMatchObject({ rows: 3, faults: [] });
    expect((await searchWhole(later.audit, { limit: 99 })).records).toHaveLength(3);
    await later.close();
  });

  it("prove, and have calls erased, while one of them is dropped", async () => {
    const store = await fill();
    const named = { schema: "callgate", max: 3, statementMs: 0, applicationName: "dropping" };
    const dropping = await Connections.open({ address: readAddress(url), ...named });
    const waiting = async (): Promise<number> =>
      (await sql.run({ text: "SELECT FROM pg_locks WHERE NOT granted" })).length;
    const drop = async (): Promise<void> => {
      const segments = await new AuditSegments(dropping, HOUR).list();
      const wish = { segments, before: 101 * HOUR, hasherOf: chainHashers(chainKeysOf(storeOptions.keyRing)) };
      // Gives up where it has to wait for long.
      await dropSegments(dropping, wish).catch(drop);
    };
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = dropping.transaction(async (run) => {
      await run({ text: "LOCK TABLE audit_rows_1" });
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const verified = store.audit.verify();
    await expect.poll(waiting).toBe(1);
    const dropped = drop();
    await expect.poll(waiting).toBe(2);
    const erased = store.audit.erase("c3");
    await expect.poll(waiting).toBe(3);
    held.resolve();
    await Promise.all([holding, dropped]);
    expect(await verified).toMatchObject({ writers: 1, faults: [] });
    expect(await erased).toBe(false);
    expect(await countOf("dropped")).toBe(1);
    await Promise.all([dropping.close(), store.close()]);
  });

  it.each([
    ["UPDATE audit_rows SET reason = 'another' WHERE call_id = 'c6'", { problem: "changed", ordinal: 7, callId: "c6" }],
    ["UPDATE audit_rows SET outcome = 'error' WHERE call_id = 'c6'", { problem: "changed", ordinal: 7, callId: "c6" }],
    ["UPDATE audit_rows SET at = at + 1 WHERE call_id = 'c26'", { problem: "changed", ordinal: 27, callId: "c26" }],
    ["DELETE FROM audit_rows WHERE call_id = 'c8'", { problem: "missing", ordinal: 9, callId: undefined }],
    ["DELETE FROM audit_rows WHERE ordinal > 25", { problem: "head-mismatch", ordinal: 30, callId: undefined }],
    ["DELETE FROM audit_segments WHERE number = 1", { problem: "missing", ordinal: 0, callId: undefined }],
    [
      "UPDATE audit_segments SET state = 'dropped' WHERE number = 1; UPDATE audit_seals SET is_dropped = true WHERE segment = 1",
      { problem: "head-mismatch", ordinal: 10, callId: undefined },
    ],
    [
      "DELETE FROM audit_rows WHERE ordinal > 25; UPDATE audit_writers SET ordinal = 25",
      { problem: "head-mismatch", ordinal: 25, callId: undefined },
    ],
  ])("name what somebody has done to them: %s", async (change, fault) => {
    const store = await fill();
    expect(await faultsOf(store)).toEqual([]);
    await sql.run({ text: change });
    expect(await faultsOf(store)).toContainEqual(fault);
    await store.close();
  });

  it("whose chain key is lost stay unsealed and are said once, while the others are sealed and dropped", async () => {
    const lost = { ...storeOptions.keyRing, chainKeyId: "lost", chainKey: new Uint8Array(32).fill(8) };
    const former = await open({}, lost);
    await append(former, 0, 5);
    await former.close();
    const complaints = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      now += HOUR;
      const store = await fill();
      const [first, ...later] = await statesOf();
      expect(first).toBe("closed");
      expect(later.slice(0, 2)).toEqual(["sealed", "sealed"]);
      const indexes = await sql.run({ text: "SELECT indexname FROM pg_indexes WHERE tablename = 'audit_rows_1'" });
      expect(indexes.flat()).toContain("audit_rows_1_subject");
      await store.close();
      complaints.mockClear();
      now += 24 * HOUR;
      const retaining = await open({ retentionDays: 1, partitionHours: 1 / 3_600 });
      await expect.poll(() => countOf("dropped")).toBe(3);
      const { length } = await statesOf();
      now += 10_000;
      // Each look at the partitions begins with making those to come.
      await expect.poll(async () => (await statesOf()).length).toBeGreaterThan(length);
      await retaining.close();
      expect((await statesOf())[0]).toBe("closed");
      const said = complaints.mock.calls.map(([text]) => String(text)).filter((text) => text.includes("partition 1 "));
      expect(said).toEqual([
        "callgate: partition 1 of the audit stays unsealed and is kept: the key ring lacks the chain key lost\n",
      ]);
      const found = await open({}, { ...storeOptions.keyRing, olderChainKeys: new Map([["lost", lost.chainKey]]) });
      await expect.poll(async () => (await statesOf())[0]).toBe("sealed");
      await found.close();
    } finally {
      complaints.mockRestore();
    }
  });

  it("are neither sealed nor dropped by a gate whose clock has jumped ahead of the server's", async () => {
    now = Date.now();
    const store = await open();
    await append(store, 0, 10);
    await store.close();
    now += 400 * 24 * HOUR;
    const ahead = await open({ retentionDays: 1 });
    await append(ahead, 10, 12);
    // Texts are indexed after the partitions have been tended.
    await expect
      .poll(async () => sql.run({ text: "SELECT sum(text_rows)::bigint FROM audit_segments" }))
      .toEqual([[12]]);
    expect(new Set(await statesOf())).toEqual(new Set(["open"]));
    expect(await ahead.audit.status()).toMatchObject({ rows: 12 });
    await ahead.close();
  });

  it("are kept where their seal is not the gate's own", async () => {
    const store = await fill();
    await store.close();
    await sql.run({ text: "UPDATE audit_seals SET last_ordinal = last_ordinal + 1" });
    now += 24 * HOUR;
    const later = await open({ retentionDays: 1 });
    // The third one was sealed by the gate after that.
    await expect.poll(() => countOf("dropped")).toBe(1);
    expect((await statesOf()).slice(0, 3)).toEqual(["sealed", "sealed", "dropped"]);
    expect(await later.audit.status()).toMatchObject({ rows: 20 });
    await later.close();
  });

  it("go on in another chain where theirs was put back in time, as by a restored backup", async () => {
    const store = await open();
    await append(store, 0, 5);
    await sql.run({
      text: `UPDATE audit_writers SET ordinal = 3, hash = rows.hash FROM audit_rows AS rows WHERE rows.ordinal = 3;
        DELETE FROM audit_rows WHERE ordinal > 3`,
    });
    await expect(append(store, 5, 6)).rejects.toMatchObject({ code: "store_unavailable" });
    await append(store, 6, 8);
    expect(await store.audit.status()).toMatchObject({ rows: 5 });
    const { rows, writers } = await store.audit.verify();
    expect([rows, writers]).toEqual([5, 2]);
    await store.close();
  });

  it.each([
    [1, 24],
    [24, 1],
  ])("fit beside those of another length: %d hours, then %d", async (before, after) => {
    let store = await open({ partitionHours: before });
    await append(store, 0, 3);
    await store.close();
    now += 2.5 * HOUR;
    store = await open({ partitionHours: after });
    await append(store, 3, 6);
    now += 30 * HOUR;
    await append(store, 6, 9);
    expect(await store.audit.verify()).toMatchObject({ rows: 9, faults: [] });
    expect((await searchWhole(store.audit, { limit: 9 })).records.map(({ callId }) => callId)).toEqual(
      Array.from({ length: 9 }, (_, index) => `c${8 - index}`),
    );
    await store.close();
  });

  it("prove rows of an earlier chain key only with that key", async () => {
    await (await fill()).close();
    const newer = { chainKey: new Uint8Array(32).fill(9), chainKeyId: "k2" };
    const without = await open({}, newer);
    expect(await without.audit.verify()).toMatchObject({ rows: 30, faults: [{ problem: "unreadable" }] });
    await without.close();
    const within = await open({}, { ...newer, olderChainKeys: new Map([["k1", storeOptions.keyRing.chainKey]]) });
    await append(within, 30, 31);
    expect(await within.audit.verify()).toMatchObject({ rows: 31, writers: 2, faults: [] });
    await within.close();
  });

  it("stop being read where nobody waits for the proof any more", async () => {
    const store = await fill();
    const given = new AbortController();
    const verified = store.audit.verify(given.signal);
    given.abort(new Error("too late"));
    await expect(verified).rejects.toThrow("too late");
    const closing = store.audit.verify();
    await Promise.all([expect(closing).rejects.toMatchObject({ code: "store_closed" }), store.close()]);
  });
});
