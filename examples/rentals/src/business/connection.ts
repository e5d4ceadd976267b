import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** A database connection that prepares each statement once and keeps it. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** All rows. `Row` names the columns that the statement selects; SQLite knows no more of it. */
  all<Row>(sql: string, ...parameters: readonly SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  /** The first row, if any. */
  // oxlint-disable-next-line no-unnecessary-type-parameters -- named by the caller, as with `all`
  get<Row>(sql: string, ...parameters: readonly SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  run(sql: string, ...parameters: readonly SQLInputValue[]): void {
    this.#prepare(sql).run(...parameters);
  }

  /** Several statements without parameters, such as a schema. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs `work` with the write lock held from its start: all of it lands, or none. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      // Some failures, a full disk among them, have rolled back already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
