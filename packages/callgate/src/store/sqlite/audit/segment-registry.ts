import type { DatabaseSync, StatementSync } from "node:sqlite";
import { sql } from "kysely";
import { registryMigrations } from "../database/audit-migrations.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase } from "../database/open-database.ts";
import { firstRow, parameter, prepare, queries } from "../database/queries.ts";
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
    this.#newest = prepare(this.database, selectNewest());
    this.#markFull = prepare(this.database, updateFull());
    this.#add = prepare(this.database, insertOpen());
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

function selectNewest() {
  return queries
    .selectFrom("segments")
    .select("number")
    .orderBy("number", "desc")
    .limit((row) => row.lit(1));
}

function updateFull() {
  return queries
    .updateTable("segments")
    .set({ state: sql.lit("full"), row_count: parameter<number>(2) })
    .where("number", "=", parameter<number>(1))
    .where((row) => row("state", "=", sql.lit("open")));
}

function insertOpen() {
  return queries
    .insertInto("segments")
    .values({ number: parameter<number>(1), state: sql<"open">`'open'` })
    .onConflict((conflict) => conflict.doNothing());
}
