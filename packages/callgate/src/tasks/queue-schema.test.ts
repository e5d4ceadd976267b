import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createGate, type Gate, type GateOptions } from "../gate/open/create-gate.ts";
import { longDomain, taskOf, withTasks } from "../gate/testing/long-domain.ts";
import { TestCaller } from "../gate/testing/test-caller.ts";
import { storeOptions } from "../store/contract-suite/store-under-test.ts";
import { postgres } from "../store/postgres/postgres.ts";
import { describeWithPostgres, usePostgres } from "../store/postgres/testing/use-postgres.ts";

const nothing = (): void => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

describeWithPostgres("long work has a schema for its queue", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  let url: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-queue-schema-"));
    url = await used.newDatabase();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function inDatabase(...statements: readonly string[]): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: readonly unknown[] = [];
      for (const text of statements) rows = (await client.query(text)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }

  const opening = (address: string, schema = "callgate", options: GateOptions = {}): Promise<Gate> =>
    createGate(
      {
        name: "g",
        callers: { authenticate: [() => ({ kind: "person", user: "ann", scopes: ["*"] })] },
        graduation: "off",
        domains: [longDomain().domain],
        store: postgres(address, { folder, schema }),
      },
      { log: silent, ...options },
    );

  it("[L1] which the owner of the database makes for a user who may not", async () => {
    await inDatabase("CREATE ROLE guest LOGIN PASSWORD 'guest'", "CREATE SCHEMA callgate AUTHORIZATION guest");
    const asGuest = url.replace(/\/\/[^@]+@/, "//guest:guest@");
    const remedy = 'run CREATE SCHEMA "callgate_queue" AUTHORIZATION guest';
    await expect(opening(asGuest)).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(opening(asGuest)).rejects.toThrow(remedy);
    await inDatabase(remedy.slice("run ".length));
    await (await opening(asGuest)).close();
    await inDatabase("DROP OWNED BY guest", "DROP ROLE guest");
  });

  it("[L1] and, where that is somebody else's, says so, takes no work up and keeps no connection", async () => {
    await inDatabase(
      "CREATE ROLE guest LOGIN PASSWORD 'guest'",
      "CREATE SCHEMA callgate AUTHORIZATION guest",
      "CREATE SCHEMA callgate_queue",
    );
    const asGuest = url.replace(/\/\/[^@]+@/, "//guest:guest@");
    const before = await opening(asGuest, "callgate", { takesTasks: false });
    taskOf(await new TestCaller(before, "ann").call("build_report", { name: "may" }, withTasks));
    await before.close();
    await expect(opening(asGuest)).rejects.toMatchObject({
      code: "store_unavailable",
      message: "the queue of long work cannot be opened: permission denied for schema callgate_queue",
    });
    const connected = "SELECT application_name FROM pg_stat_activity WHERE usename = 'guest'";
    await expect.poll(() => inDatabase(connected)).toEqual([]);
    expect(await inDatabase("SELECT attempt::int FROM callgate.tasks")).toEqual([{ attempt: 0 }]);
    await inDatabase("DROP OWNED BY guest", "DROP ROLE guest");
  });

  it("[L1] also while the audit is looked after, which may take as long as it takes", async () => {
    const store = await postgres(url, { folder }).open(storeOptions);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("BEGIN; SELECT FROM callgate.audit_segments FOR UPDATE");
    const erased = store.audit.erase("call_1");
    await expect
      .poll(() => inDatabase("SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
      .toEqual([{ count: 1 }]);
    expect(await store.tasks.database?.queueSchema()).toBe("callgate_queue");
    await client.end();
    expect(await erased).toBe(false);
    await store.close();
  });

  it("of its own beside each schema of a store, whose names differ in capitals alone", async () => {
    for (const schema of ["gate", "Gate"]) await (await opening(url, schema)).close();
    const asked =
      "SELECT schemaname FROM pg_catalog.pg_tables WHERE tablename = 'job' ORDER BY schemaname COLLATE \"C\"";
    expect(await inDatabase(asked)).toEqual([{ schemaname: "Gate_queue" }, { schemaname: "gate_queue" }]);
  });
});
