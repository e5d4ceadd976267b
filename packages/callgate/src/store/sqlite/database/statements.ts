import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";

/**
 * Prepares a statement whose rows come as arrays. Queries are built with `queries.ts`; plain texts are for the append
 * thread, whose few statements are not worth the 60 ms that loading the query builder adds to the start of a gate.
 */
export function prepareSql(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** The first row of a statement prepared here, as an array; undefined where there is none. */
export function firstRow(statement: StatementSync, ...values: SQLInputValue[]): readonly SQLOutputValue[] | undefined {
  // The statement returns arrays, which the types of node:sqlite do not know.
  return statement.get(...values) as unknown as readonly SQLOutputValue[] | undefined;
}
