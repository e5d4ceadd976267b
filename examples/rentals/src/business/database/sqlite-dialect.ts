import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import {
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from "kysely";

const BUSY = 5;
const STATEMENTS_KEPT = 200;

/** Kysely's dialect for SQLite, on Node's own `node:sqlite`. A transaction holds the write lock from its start. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;
  readonly #patienceMs: number;

  constructor(database: DatabaseSync, patienceMs: number) {
    super(toConfig(database));
    this.#database = database;
    this.#patienceMs = patienceMs;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#database, this.#patienceMs);
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  readonly #patienceMs: number;

  constructor(database: DatabaseSync, patienceMs: number) {
    super(toConfig(database));
    this.#database = database;
    this.#patienceMs = patienceMs;
  }

  // Waiting within SQLite would block this thread, and with it a writer of this process that holds the lock: so it waits out here.
  override async beginTransaction(): Promise<void> {
    const deadline = performance.now() + this.#patienceMs;
    while (!this.#begins(performance.now() >= deadline)) await delay(5);
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // Some failures, a full disk among them, have rolled back already.
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }

  #begins(isLastAttempt: boolean): boolean {
    this.#database.exec("PRAGMA busy_timeout = 0");
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      return true;
    } catch (error) {
      if (isLastAttempt || (error as { errcode?: number }).errcode !== BUSY) throw error;
      return false;
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${this.#patienceMs}`);
    }
  }
}

function toConfig(database: DatabaseSync): SqliteDialectConfig {
  const statements = new Map<string, SqliteStatement>();
  return {
    database: async () => ({
      prepare: (sql) => {
        const statement = statements.get(sql) ?? toStatement(database.prepare(sql));
        // The one that was used last stands last, so the first is the one to go.
        statements.delete(sql);
        statements.set(sql, statement);
        if (statements.size > STATEMENTS_KEPT) statements.delete(statements.keys().next().value ?? "");
        return statement;
      },
      close: () => database.close(),
    }),
  };
}

function toStatement(statement: StatementSync): SqliteStatement {
  // Kysely hands on what its queries were given, and the tables' types let nothing else in.
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
