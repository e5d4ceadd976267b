import { BusinessError } from "./business-error.ts";

const SEPARATOR = "~";

/** One page of a list; `next` is what to pass as `after` to get the following one, absent on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** How much of a list is wanted, and after which cursor. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Makes a page of rows that were read one beyond the limit, so that the last page is known to be the last. */
export function toPage<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  if (rows.length <= limit) return { items: rows };
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return last === undefined ? { items } : { items, next: cursorOf(last) };
}

/** A cursor from the values that the list is ordered by. */
export function toCursor(...values: readonly string[]): string {
  return values.join(SEPARATOR);
}

/** The values of a cursor; throws `invalid_cursor` where it was not made by `toCursor` from as many. */
export function parseCursor(cursor: string, size: number): readonly string[] {
  const values = cursor.split(SEPARATOR);
  if (values.length !== size || values.includes("")) {
    throw cursorError();
  }
  return values;
}

/** The refusal of a cursor that was not given out. */
export function cursorError(): BusinessError {
  return new BusinessError("invalid_cursor", "after must be the `next` of an earlier answer, unchanged");
}
