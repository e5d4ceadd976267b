import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Compilable } from "kysely";
import { openForReading } from "./open-database.ts";

const STATEMENTS_KEPT = 24;

/** A database opened for reading, with the statements it was asked for last. */
export class DatabaseReader {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#database = openForReading(path);
  }

  /** The rows of a query, as arrays in the order of its columns. */
  all(query: Compilable): readonly (readonly SQLOutputValue[])[] {
    const { sql, parameters } = query.compile();
    // Queries are built from strings and numbers, and the statement returns arrays.
    return this.#statement(sql).all(...(parameters as SQLInputValue[])) as unknown as SQLOutputValue[][];
  }

  /** The rows of a query one by one. */
  iterate(query: Compilable): IterableIterator<readonly SQLOutputValue[]> {
    const { sql, parameters } = query.compile();
    return this.#statement(sql).iterate(...(parameters as SQLInputValue[])) as unknown as IterableIterator<
      SQLOutputValue[]
    >;
  }

  has(table: string): boolean {
    return this.#database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table) !== undefined;
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      const oldest = this.#statements.keys().next().value;
      if (this.#statements.size >= STATEMENTS_KEPT && oldest !== undefined) this.#statements.delete(oldest);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
