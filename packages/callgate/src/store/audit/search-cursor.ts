import { StoreError } from "../store-error.ts";

/** Where a search goes on: below this position of this segment. */
export interface SearchPlace {
  readonly segment: number;
  readonly before: number;
}

/** A place as text that callers hand back unread. */
export function toCursor(place: SearchPlace): string {
  return Buffer.from(`${place.segment}.${place.before}`).toString("base64url");
}

/** The place in a cursor; throws `store_invalid` where the text is not one of ours. */
export function parseCursor(cursor: string): SearchPlace {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (match === null) throw new StoreError("store_invalid", "the cursor is not one that a search gave");
  return { segment: Number(match[1]), before: Number(match[2]) };
}
