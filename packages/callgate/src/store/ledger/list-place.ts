import { StoreError } from "../store-error.ts";

/** The position below which a list of writes goes on; throws `store_invalid` for a cursor that no list gave. */
export function placeOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new StoreError("store_invalid", "the cursor is not one that a list of writes gave");
}
