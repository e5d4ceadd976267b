/** Everything the business refuses, by a code that callers may match on. */
export type BusinessErrorCode =
  | "already_cancelled"
  | "contact_taken"
  | "in_the_past"
  | "invalid_contact"
  | "invalid_cursor"
  | "invalid_dates"
  | "key_reused"
  | "min_stay"
  | "not_found"
  | "overlap"
  | "price_changed"
  | "stay_completed"
  | "stay_too_long"
  | "too_many_guests";

/** A refusal by the rules of the business; its message is meant for the one who asked. */
export class BusinessError extends Error {
  override readonly name = "BusinessError";
  readonly code: BusinessErrorCode;

  constructor(code: BusinessErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
