import type { DatabaseSync, StatementSync } from "node:sqlite";
import { registryMigrations } from "../database/audit-migrations.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase } from "../database/open-database.ts";
import { firstRow, prepareSql } from "../database/statements.ts";
import { registryPath } from "./audit-files.ts";

/**
 * The list of segments, shared by every process on the folder. That a segment is full is said by the segment itself,
 * under its own lock; the registry follows, and whoever finds a full segment moves it on.
 */
export class SegmentRegistry {
  readonly database: DatabaseSync;
  readonly #newest: StatementSync;
  readonly #markFull: StatementSync;
  readonly #add: StatementSync;

  constructor(folder: string) {
    this.database = openDatabase(registryPath(folder));
    migrate(this.database, registryMigrations);
    this.#newest = prepareSql(this.database, "SELECT number FROM segments ORDER BY number DESC LIMIT 1");
    this.#markFull = prepareSql(
      this.database,
      "UPDATE segments SET state = 'full', row_count = ?2 WHERE number = ?1 AND state = 'open'",
    );
    this.#add = prepareSql(
      this.database,
      "INSERT INTO segments (number, state) VALUES (?, 'open') ON CONFLICT DO NOTHING",
    );
  }

  /** The number of the segment that takes rows. */
  open(): number {
    return this.transaction(() => {
      const newest = firstRow(this.#newest)?.[0];
      if (newest !== undefined) return Number(newest);
      this.#add.run(1);
      return 1;
    });
  }

  /** After a full segment: the number of the one that follows it. Any process may say so, several times. */
  next(full: number, rows: number): number {
    return this.transaction(() => {
      this.#markFull.run(full, rows);
      this.#add.run(full + 1);
      return Number(firstRow(this.#newest)?.[0]);
    });
  }

  /** Runs a change of the registry while no other process changes it. */
  transaction<Result>(change: () => Result): Result {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const result = change();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.database.close();
  }
}
