import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Compilable, RawBuilder } from "kysely";
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from "../../kysely.ts";
import type { Tables } from "./schema.ts";
import { prepareSql } from "./statements.ts";

/** Builds SQL against the typed tables; it runs nothing itself. */
export const queries: Kysely<Tables> = new Kysely({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** The numbered parameter of a statement that is prepared once and run with many values. */
export function parameter<Value>(number: number): RawBuilder<Value> {
  return sql.raw<Value>(`?${number}`);
}

/** Prepares a query whose values are all given by `parameter`; its rows come as arrays in the order of its columns. */
export function prepare(database: DatabaseSync, query: Compilable): StatementSync {
  return prepareSql(database, query.compile().sql);
}
