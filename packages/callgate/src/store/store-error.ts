/** What can go wrong in a store, for code to match on. */
export type StoreErrorCode =
  /** Too much is waiting to be written; nothing was recorded. */
  | "store_overloaded"
  /** Nothing was recorded: the disk is full, the file cannot be written, another process holds it too long. */
  | "store_unavailable"
  /** It may have been recorded or not: the connection was lost meanwhile, and the store has not come back since. */
  | "store_in_doubt"
  /** One operation broke a rule of its table, such as a key that is already there. */
  | "store_conflict"
  /** One operation held a value that cannot be stored. */
  | "store_invalid"
  /** The store was written by a newer version of this program. */
  | "store_newer"
  /** The store has been closed. */
  | "store_closed";

/** A failure of the store. `code` is stable; the message names the cause. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
