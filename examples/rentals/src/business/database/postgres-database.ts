import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool, TypeOverrides } from "pg";
import { admitReaders } from "./admit-readers.ts";
import {
  type BusinessAddress,
  type BusinessDatabase,
  type DatabaseAccess,
  SCHEMA_VERSION,
} from "./business-database.ts";
import { POSTGRES_SCHEMA } from "./postgres-schema.ts";
import { readerUrlOf } from "./reader-account.ts";
import { runCancellable } from "./run-cancellable.ts";
import type { BusinessTables, Queries } from "./tables.ts";

const CONNECTIONS = 5;
// Whoever writes to the business holds this lock of its database. Any number would do, as long as all take the same.
const WRITE_LOCK = 7_364_001;
/** A query is ended by the server itself, so that this is for telling how far a report is alone. */
const STEP_MS = 60_000;
const DATE = 1_082;
const BIGINT = 20;

type PostgresAddress = Extract<BusinessAddress, { readonly url: string }>;

/** Opens the schema `rentals` of a database. With `read`, the server itself refuses every write: that account has no right to. */
export async function openPostgres(address: PostgresAddress, options: DatabaseAccess): Promise<BusinessDatabase> {
  const { url, readUrl = readerUrlOf(url) } = address;
  const ownUrl = options.access === "write" ? url : readUrl;
  const pool = connect(ownUrl);
  const queries = new Kysely<BusinessTables>({ dialect: new PostgresDialect({ pool }) });
  return {
    queries: queries.withSchema("rentals"),
    transaction: (work) =>
      queries.transaction().execute(async (transaction) => {
        await takeWriteLock(transaction, options.patienceMs);
        return await work(transaction.withSchema("rentals"));
      }),
    longQueries: {
      stepMs: STEP_MS,
      run: (query, signal) => runCancellable({ pool, url: ownUrl }, query.compile(), signal),
    },
    nightsBetween: (from, until) => sql<number>`(${until} - ${from})`,
    version: readVersion,
    makeSchema,
    admitReaders: (transaction) => admitReaders(transaction, address),
    close: () => queries.destroy(),
  };
}

function connect(connectionString: string): Pool {
  const types = new TypeOverrides();
  // Dates stay the text they are; sums of cents are far below what a number holds exactly.
  types.setTypeParser(DATE, (text) => text);
  types.setTypeParser(BIGINT, Number);
  const pool = new Pool({
    connectionString,
    types,
    max: CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    application_name: "rentals",
  });
  // A connection that breaks while idle is replaced by the next query's; without a listener it would end the process.
  pool.on("error", () => {});
  // Nor may one that breaks between two statements end the process: the next statement fails.
  pool.on("connect", (client) => void client.on("error", () => {}));
  return pool;
}

// A process that stops within its transaction must not keep the others from writing for ever.
async function takeWriteLock(queries: Queries, patienceMs: number): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${`${patienceMs}ms`}, true),
    set_config('idle_in_transaction_session_timeout', '10s', true), pg_advisory_xact_lock(${WRITE_LOCK})`.execute(
    queries,
  );
}

async function readVersion(queries: Queries): Promise<number> {
  const { rows } = await sql<{ present: boolean }>`
    SELECT to_regclass('rentals.schema_version') IS NOT NULL AS present`.execute(queries);
  if (rows[0]?.present !== true) return 0;
  const found = await sql<{ version: number }>`SELECT version FROM rentals.schema_version`.execute(queries);
  return found.rows[0]?.version ?? 0;
}

async function makeSchema(queries: Queries): Promise<void> {
  const text = `CREATE SCHEMA IF NOT EXISTS rentals; CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA rentals;
    ${POSTGRES_SCHEMA} INSERT INTO rentals.schema_version (version) VALUES (${SCHEMA_VERSION})`;
  await sql.raw(text).execute(queries);
}
