import { hash } from "node:crypto";
import { StoreError } from "../../store-error.ts";
import { type Connections, quoted, type RunStatement } from "./connections.ts";
import type { Migrations } from "./migrations.ts";
import { serverCode } from "./postgres-failure.ts";

/** A step that a database has taken. */
interface TakenStep {
  readonly subject: string;
  readonly step: number;
  readonly hash: string;
}

/** A step that is still to be taken. */
export interface PendingStep {
  readonly subject: string;
  readonly step: number;
  readonly sql: string;
}

/** Where steps, as they are known here, meet what a database has. */
export interface MigrationPlan {
  readonly taken: number;
  readonly pending: readonly PendingStep[];
}

/** The oldest PostgreSQL that the suite of every store runs on. */
const OLDEST = 15;
const TABLE = "schema_steps";
/** One lock for every schema of a database: migrations are short, and two at a time are of no use. */
const LOCK = 7_402_211_870_915;
/** What the server says to a user without the right to do it. */
const NO_RIGHT = "42501";

/**
 * Brings a schema to its newest state, in one transaction, once however many gates start at the same time. Refuses one
 * that is newer than these steps, and one that was made by other steps.
 */
export async function migrate(
  connections: Connections,
  schema: string,
  migrations: Migrations,
): Promise<MigrationPlan> {
  const before = await planMigration(connections, schema, migrations);
  if (before.pending.length === 0) return before;
  return connections.transaction(async (run) => {
    await run({ text: "SELECT pg_advisory_xact_lock($1)", values: [LOCK] });
    await requireServer(run);
    await makeWhereMissing(run, schema);
    await run({
      text: `CREATE TABLE IF NOT EXISTS ${TABLE} (
        subject text, step int, hash text NOT NULL, taken_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (subject, step)
      )`,
    });
    const plan = planOf(await takenSteps(run, schema), migrations);
    for (const { subject, step, sql } of plan.pending) {
      await run({ text: sql });
      await run({
        text: `INSERT INTO ${TABLE} (subject, step, hash) VALUES ($1, $2, $3)`,
        values: [subject, step, hashOf(sql)],
      });
    }
    return plan;
  });
}

/** Makes a schema where it is not there, once however many gates want it. */
export async function makeSchema(connections: Connections, schema: string): Promise<void> {
  // Where it is there, as a rule, nobody's migration is waited for.
  if (await isThere((statement) => connections.run(statement), schema)) return;
  await connections.transaction(async (run) => {
    await run({ text: "SELECT pg_advisory_xact_lock($1)", values: [LOCK] });
    await makeWhereMissing(run, schema);
  });
}

/** What `migrate` would do; changes nothing. */
export async function planMigration(
  connections: Connections,
  schema: string,
  migrations: Migrations,
): Promise<MigrationPlan> {
  return planOf(await takenSteps((statement) => connections.run(statement), schema), migrations);
}

async function takenSteps(run: RunStatement, schema: string): Promise<readonly TakenStep[]> {
  const found = await run({
    text: "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = $2",
    values: [schema, TABLE],
  });
  if (found.length === 0) return [];
  const rows = await run({ text: `SELECT subject, step, hash FROM ${TABLE} ORDER BY subject, step` });
  return rows.map(([subject, step, taken]) => ({ subject: String(subject), step: Number(step), hash: String(taken) }));
}

function planOf(taken: readonly TakenStep[], migrations: Migrations): MigrationPlan {
  for (const { subject, step, hash: found } of taken) {
    const sql = migrations.find((each) => each.subject === subject)?.steps[step - 1];
    if (sql === undefined)
      throw new StoreError(
        "store_newer",
        `the schema has step ${step} of ${subject}, which this version of Callgate does not know: run a newer one`,
      );
    if (hashOf(sql) !== found)
      throw new StoreError(
        "store_newer",
        `step ${step} of ${subject} was taken with other words than this version has`,
      );
  }
  const has = new Set(taken.map(({ subject, step }) => `${subject} ${step}`));
  const pending = migrations.flatMap(({ subject, steps }) =>
    steps.map((sql, index) => ({ subject, step: index + 1, sql })).filter(({ step }) => !has.has(`${subject} ${step}`)),
  );
  return { taken: taken.length, pending };
}

/** Where the schema is there already, making it "if it is not" still asks for the right to make one. */
async function makeWhereMissing(run: RunStatement, schema: string): Promise<void> {
  if (await isThere(run, schema)) return;
  const [[user] = []] = await run({ text: "SELECT quote_ident(current_user)" });
  try {
    await run({ text: `CREATE SCHEMA ${quoted(schema)}` });
  } catch (cause) {
    if (serverCode(cause) !== NO_RIGHT) throw cause;
    const remedy = `as the owner of the database, run CREATE SCHEMA ${quoted(schema)} AUTHORIZATION ${String(user)}`;
    throw new StoreError(
      "store_unavailable",
      `the schema ${schema} is not there, and the gate may not make it: ${remedy}`,
      { cause },
    );
  }
}

async function isThere(run: RunStatement, schema: string): Promise<boolean> {
  const found = await run({ text: "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", values: [schema] });
  return found.length > 0;
}

async function requireServer(run: RunStatement): Promise<void> {
  const [[version] = []] = await run({ text: "SHOW server_version_num" });
  if (Number(version) < OLDEST * 10_000)
    throw new StoreError(
      "store_unavailable",
      `PostgreSQL ${OLDEST} or newer is needed, and this is ${String(version)}`,
    );
  const [[encoding] = []] = await run({ text: "SHOW server_encoding" });
  if (encoding !== "UTF8")
    throw new StoreError("store_unavailable", `the database has the encoding ${String(encoding)}: make it with UTF8`);
}

function hashOf(sql: string): string {
  return hash("sha256", sql, "hex");
}
