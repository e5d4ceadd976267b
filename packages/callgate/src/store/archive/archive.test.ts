import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { auditRow, claimOf, keyRow } from "../contract-suite/sample-rows.ts";
import { searchWhole } from "../contract-suite/search-whole.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import type { RowApproval } from "../ledger-port.ts";
import type { Store, StoreDeclaration } from "../port.ts";
import { readAddress } from "../postgres/database/address.ts";
import { Connections } from "../postgres/database/connections.ts";
import { postgres } from "../postgres/postgres.ts";
import { describeWithPostgres, usePostgres } from "../postgres/testing/use-postgres.ts";
import { sqlite } from "../sqlite/sqlite.ts";
import { batchesOf, firstLine, lastLine, toLine } from "./archive-lines.ts";
import { archivedTables, plainTables } from "./archived-tables.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const states = ["claimed", "awaiting", "approved", "running", "done", "failed", "released", "unknown"] as const;

describeWithPostgres("an archive of a store", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "callgate-archive-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const inFiles = (name: string): StoreDeclaration =>
    sqlite(join(folder, name, "gate.db"), { segmentRows: 20, retentionDays: 30 });
  const inDatabase = async (): Promise<StoreDeclaration> =>
    postgres(await used.newDatabase(), { folder, partitionHours: 1 });

  it("takes everything from files to PostgreSQL and back, and the audit still proves", async () => {
    const from = inFiles("from");
    await fill(from);
    const database = await inDatabase();
    const first = await exported(from);
    await imported(database, first);
    await holdsAll(database);
    const back = inFiles("back");
    await imported(back, await exported(database));
    await holdsAll(back);
    const again = await exported(back);
    expect(withoutAudit(again)).toEqual(withoutAudit(first));
  });

  it("goes on in the new store: an old key finds its write, and new calls follow the old ones", async () => {
    const from = inFiles("from");
    await fill(from);
    const database = await inDatabase();
    await imported(database, await exported(from));
    const store = await database.open(storeOptions);
    expect(await store.ledger.claim(claimOf("again", { key: "done" }))).toMatchObject({
      kind: "found",
      row: { id: "done", state: "done", sealedOutcome: new Uint8Array([1, 2, 3]) },
    });
    await store.audit.append(auditRow("new", { at: Date.now() }));
    expect((await searchWhole(store.audit, { limit: 2 })).records.map(({ callId }) => callId)).toEqual(["new", "c49"]);
    expect(await store.audit.verify()).toMatchObject({ rows: 51, faults: [] });
    await store.close();
  });

  it("keeps what vouches for segments that retention has dropped", async () => {
    const from = inFiles("from");
    await fill(from);
    const later = Date.now() + 40 * 86_400_000;
    const store = await from.open({ ...storeOptions, clock: () => later });
    for (let index = 50; index < 70; index += 1) await store.audit.append(auditRow(`c${index}`, { at: later }));
    await expect.poll(async () => (await store.audit.status()).rows).toBeLessThan(50);
    const { rows } = await store.audit.status();
    await store.close();
    const database = await inDatabase();
    await imported(database, await exported(from));
    await verifies(database, rows);
    const back = inFiles("back");
    await imported(back, await exported(database));
    await verifies(back, rows);
  });

  it("goes into an empty store alone, all of it or nothing", async () => {
    const from = inFiles("from");
    await fill(from);
    const lines = await exported(from);
    for (const target of [inFiles("target"), await inDatabase()]) {
      const [, ...rest] = lines;
      await expect(imported(target, rest)).rejects.toMatchObject({ code: "store_invalid" });
      await expect(imported(target, lines.slice(0, -1))).rejects.toThrow("the end of the archive is missing");
      const changed = lines.map((line) => line.replace("reason 7", "reason 8"));
      await expect(imported(target, changed)).rejects.toThrow("the audit of the archive does not prove");
      const upkeep = await target.upkeep(storeOptions);
      expect(await upkeep.status()).toMatchObject({ writes: {}, keys: 0, audit: { rows: 0 } });
      await upkeep.close();
      await imported(target, lines);
      await expect(imported(target, lines)).rejects.toMatchObject({ code: "store_conflict" });
      await holdsAll(target);
    }
  });

  it("says what a store holds, and which steps of its schema are pending", async () => {
    for (const target of [inFiles("target"), await inDatabase()]) {
      const upkeep = await target.upkeep(storeOptions);
      expect((await upkeep.schema()).pending.length).toBeGreaterThan(3);
      expect(await upkeep.status()).toBeUndefined();
      await upkeep.migrate();
      expect((await upkeep.schema()).pending).toEqual([]);
      await upkeep.close();
      await fill(target);
      const filled = await target.upkeep(storeOptions);
      const status = await filled.status();
      expect(status).toMatchObject({ keys: 2, audit: { rows: 50 }, writes: { done: 1, unknown: 1 } });
      expect(status?.bytes).toBeGreaterThan(10_000);
      await filled.close();
    }
  });

  it("leaves out no table and no column of either kind of store, but for those that live for moments", async () => {
    const passing = ["schema_version", "schema_steps", "signals", "processes", "key_version", "graduation_version"];
    const from = inFiles("from");
    await fill(from);
    const gate = new DatabaseSync(join(folder, "from", "gate.db"), { readOnly: true });
    const tables = gate
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    const kept = tables.map(({ name }) => String(name)).filter((name) => !passing.includes(name));
    expect(kept.toSorted()).toEqual(Object.keys(plainTables).toSorted());
    for (const table of kept) {
      const columns = gate
        .prepare(`SELECT name FROM pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => String(name));
      const own = columns.filter((name) => !["position", "key_hash"].includes(name));
      expect(own.toSorted(), table).toEqual([...archivedTables[table as keyof typeof plainTables]].toSorted());
    }
    gate.close();
    const url = await used.newDatabase();
    await (await postgres(url, { folder }).open(storeOptions)).close();
    const named = { schema: "callgate", max: 1, statementMs: 10_000, applicationName: "test" };
    const sql = await Connections.open({ address: readAddress(url), ...named });
    const found = await sql.run({
      text: "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'callgate' ORDER BY 1, 2",
    });
    await sql.close();
    const ofTable = (table: string): readonly string[] =>
      found.filter(([name]) => name === table).map(([, column]) => String(column));
    const there = [...new Set(found.map(([table]) => String(table)))].filter(
      (table) => !table.startsWith("audit_") && !passing.includes(table),
    );
    expect(there.toSorted()).toEqual(Object.keys(plainTables).toSorted());
    for (const table of there) {
      const own = ofTable(table).filter((name) => !["position", "moved_by"].includes(name));
      expect(own.toSorted(), table).toEqual([...archivedTables[table as keyof typeof plainTables]].toSorted());
    }
  });
});

/** A write in every state, keys, a task, a graduation, and fifty rows of audit by two processes, one of them erased. */
async function fill(declared: StoreDeclaration): Promise<void> {
  const store = await declared.open(storeOptions);
  await store.keys.insert(keyRow("k1"));
  await store.keys.rotate("k1", keyRow("k2"), 9_000);
  await store.rings.join({ sealing: "r1", known: ["r1"] }, 1_000);
  await fillWrites(store);
  await store.tasks.insert(
    {
      id: "t1",
      subject: "user:anna",
      tenant: undefined,
      tool: "report",
      callId: "c1",
      writeId: undefined,
      priority: 0,
      sealedCall: new Uint8Array([9, 8]),
      due: undefined,
      createdAt: 1_000,
      expiresAt: 99_000,
    },
    { all: 9, ofSubject: 9 },
  );
  const graduated = { domain: "d", tool: "t", contractHash: "h", proofId: "p1", at: 1_000, by: "user:anna" };
  await store.graduations.graduate(graduated);
  await store.graduations.addProof({
    id: "p1",
    domain: "d",
    contractHash: "h",
    at: 1,
    by: "b",
    gateVersion: "1",
    passed: true,
    outcomes: [],
  });
  await store.tokens.lease({ name: "crm", owner: "a" }, 60_000);
  await store.tokens.put({ name: "crm", version: 0, sealed: new Uint8Array([0, 92, 255]), at: 1_000 });
  for (let index = 0; index < 30; index += 1)
    await store.audit.append(auditRow(`c${index}`, { at: Date.now(), reason: `reason ${index}` }));
  await store.audit.erase("c3");
  await store.close();
  const second = await declared.open(storeOptions);
  for (let index = 30; index < 50; index += 1)
    await second.audit.append(
      auditRow(`c${index}`, { at: Date.now(), reason: `tab\tand \\ and\nline ${index}`, durationUs: 0.1 + index }),
    );
  await second.close();
}

async function fillWrites({ ledger }: Store): Promise<void> {
  const approval: RowApproval = {
    id: "a1",
    level: "owner",
    planHash: "p",
    askedAt: 1,
    expiresAt: 9,
    asked: 1,
    decisions: [],
  };
  for (const state of states) {
    const { row } = await ledger.claim(claimOf(state, { key: state, tenant: "north" }));
    const asked = state === "awaiting" || state === "approved";
    await ledger.move({
      row,
      from: ["claimed"],
      to: state,
      now: 1_200,
      ...(asked && { approval: { ...approval, id: `a-${state}` }, sealedRequest: new Uint8Array([0, 92, 255]) }),
      ...(state === "done" && { sealedOutcome: new Uint8Array([1, 2, 3]), note: "as it was" }),
    });
  }
}

async function exported(declared: StoreDeclaration): Promise<readonly string[]> {
  const upkeep = await declared.upkeep(storeOptions);
  const rows: Record<string, number> = {};
  const lines = [firstLine(declared.kind, 1_000)];
  await upkeep.read(async (batch) => {
    rows[batch.table] = (rows[batch.table] ?? 0) + batch.rows.length;
    lines.push(toLine(batch));
  });
  await upkeep.close();
  return [...lines, lastLine(rows)];
}

async function imported(declared: StoreDeclaration, lines: readonly string[]): Promise<void> {
  const upkeep = await declared.upkeep(storeOptions);
  try {
    await upkeep.migrate();
    await upkeep.fill(batchesOf(each(lines)));
  } finally {
    await upkeep.close();
  }
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

function withoutAudit(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.includes('"table":"audit_') && !line.startsWith('{"format"'));
}

async function verifies(declared: StoreDeclaration, rows: number): Promise<void> {
  const store = await declared.open(storeOptions);
  expect(await store.audit.verify()).toMatchObject({ rows, faults: [] });
  expect(await store.audit.status()).toMatchObject({ rows });
  await store.close();
}

async function holdsAll(declared: StoreDeclaration): Promise<void> {
  const store = await declared.open(storeOptions);
  expect(await store.audit.verify()).toMatchObject({ rows: 50, writers: 2, faults: [] });
  expect(await store.audit.get("c3")).toMatchObject({ reason: undefined, ordinal: 4 });
  expect(await store.audit.get("c33")).toMatchObject({ reason: "tab\tand \\ and\nline 33", durationUs: 33.1 });
  const { rows } = await store.ledger.list({ limit: 99 });
  expect(rows.map(({ id }) => id)).toEqual(states.toReversed());
  expect(await store.ledger.byApproval("a-awaiting")).toMatchObject({
    state: "awaiting",
    sealedRequest: new Uint8Array([0, 92, 255]),
  });
  expect((await store.keys.list()).map(({ id, replacedBy }) => [id, replacedBy])).toEqual([
    ["k1", "k2"],
    ["k2", undefined],
  ]);
  expect(await store.tasks.get("t1")).toMatchObject({ sealedCall: new Uint8Array([9, 8]) });
  expect(await store.graduations.list()).toMatchObject([{ tool: "t", proofId: "p1" }]);
  expect(await store.tokens.get("crm")).toEqual({ version: 1, sealed: new Uint8Array([0, 92, 255]), updatedAt: 1_000 });
  expect(await store.rings.join({ sealing: "r2", known: ["r2"] }, 2_000)).toBe("r1");
  await store.close();
}
