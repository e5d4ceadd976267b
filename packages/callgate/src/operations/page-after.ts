import { gateError } from "../gate/answers/gate-error.ts";
import { StoreError } from "../store/store-error.ts";

/** A page that was asked of the store, where a cursor that the store has not given is for the caller to mend. */
export async function pageAfter<Page>(cursor: string | undefined, asked: Promise<Page>): Promise<Page> {
  try {
    return await asked;
  } catch (error) {
    if (cursor === undefined || !(error instanceof StoreError) || error.code !== "store_invalid") throw error;
    throw gateError("cursor_invalid", "This cursor is not one that an earlier page gave.", {
      next: "Call again without cursor, or with next_cursor of the page before, unchanged.",
    });
  }
}
