import type { Queries } from "./database/tables.ts";

const DIGITS = { book: 6, pay: 7 } as const;

/** What gets its number from the database while it runs. */
export type Counted = keyof typeof DIGITS;

/** A readable id such as `book_000123`. */
export function toId(prefix: string, digits: number, value: number): string {
  return `${prefix}_${String(value).padStart(digits, "0")}`;
}

/** The id of the n-th of its kind. */
export function toCountedId(counted: Counted, value: number): string {
  return toId(counted, DIGITS[counted], value);
}

/** Takes the next id; within a transaction, so that an id is lost or used together with what bears it. */
export async function takeId(queries: Queries, counted: Counted): Promise<string> {
  const row = await queries
    .updateTable("counters")
    .set(({ eb }) => ({ value: eb("value", "+", 1) }))
    .where("name", "=", counted)
    .returning("value")
    .executeTakeFirst();
  if (row === undefined) throw new Error(`the database has no counter for "${counted}"`);
  return toCountedId(counted, row.value);
}
