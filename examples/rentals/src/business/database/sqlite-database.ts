import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Kysely, sql } from "kysely";
import { type BusinessDatabase, type DatabaseAccess, SCHEMA_VERSION } from "./business-database.ts";
import { NodeSqliteDialect } from "./sqlite-dialect.ts";
import { SQLITE_SCHEMA } from "./sqlite-schema.ts";
import type { BusinessTables } from "./tables.ts";

const STEP_MS = 25;

/** Opens the database file on one connection. With `read`, SQLite itself refuses every write, and the file must be there. */
export function openSqlite(path: string, { access, patienceMs }: DatabaseAccess): BusinessDatabase {
  const file = new DatabaseSync(path, { readOnly: access === "read", timeout: patienceMs });
  if (access === "write") file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  const queries = new Kysely<BusinessTables>({ dialect: new NodeSqliteDialect(file, patienceMs) });
  return {
    queries,
    transaction: (work) => queries.transaction().execute(work),
    version: async () => Number(file.prepare("PRAGMA user_version").get()?.["user_version"]),
    makeSchema: async () => file.exec(`${SQLITE_SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}`),
    longQueries: {
      stepMs: STEP_MS,
      run: async (query, signal) => {
        // Between two of them everybody else has a turn.
        await nextTurn();
        signal.throwIfAborted();
        return (await queries.executeQuery(query.compile())).rows;
      },
    },
    nightsBetween: (from, until) => sql<number>`CAST(julianday(${until}) - julianday(${from}) AS INTEGER)`,
    // Readers open the file for reading: SQLite knows no accounts.
    admitReaders: async () => {},
    close: async () => {
      await queries.destroy();
      // Kysely closes only what a query has used.
      if (file.isOpen) file.close();
    },
  };
}
