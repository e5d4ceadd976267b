import type { DatabaseSync } from "node:sqlite";

/** Does a change of several statements within a transaction: where one of them fails, those before it are taken back. */
export function allOrNothing(database: DatabaseSync, change: () => void): void {
  database.exec("SAVEPOINT change");
  try {
    change();
  } catch (error) {
    database.exec("ROLLBACK TO change");
    throw error;
  } finally {
    database.exec("RELEASE change");
  }
}
