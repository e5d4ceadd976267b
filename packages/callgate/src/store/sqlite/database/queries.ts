import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  type Compilable,
  DummyDriver,
  Kysely,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
import type { Tables } from "./schema.ts";

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
  const statement = database.prepare(query.compile().sql);
  statement.setReturnArrays(true);
  return statement;
}

/** The first row as an array; undefined where there is none. */
export function firstRow(statement: StatementSync, ...values: SQLInputValue[]): readonly SQLInputValue[] | undefined {
  // The statement returns arrays, which the types of node:sqlite do not know.
  return statement.get(...values) as unknown as readonly SQLInputValue[] | undefined;
}
