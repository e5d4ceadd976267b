import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../store-error.ts";

/** Brings a database to the newest schema, one step after the other; refuses one that is newer than these steps. */
export function migrate(database: DatabaseSync, steps: readonly string[]): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT");
    const row = database.prepare("SELECT version FROM schema_version").get();
    const version = Number(row?.["version"] ?? 0);
    if (version > steps.length) {
      const message = `${database.location()} has schema ${version}, newer than this version of Callgate knows (${steps.length})`;
      throw new StoreError("store_newer", message);
    }
    for (const step of steps.slice(version)) database.exec(step);
    if (row === undefined) database.exec(`INSERT INTO schema_version VALUES (${steps.length})`);
    else if (version < steps.length) database.exec(`UPDATE schema_version SET version = ${steps.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
