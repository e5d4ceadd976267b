import { z } from "zod";
import { BusinessError, type BusinessErrorCode } from "../business/business-error.ts";

export interface RestErrorOptions {
  readonly status: number;
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that never reaches the business: wrong path, method, header or body. */
export class RestError extends Error {
  override readonly name = "RestError";
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, { status, code, headers = {} }: RestErrorOptions) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** An answer as it goes out. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const STATUS: Readonly<Record<BusinessErrorCode, number>> = {
  already_cancelled: 409,
  contact_taken: 409,
  in_the_past: 422,
  invalid_contact: 400,
  invalid_cursor: 400,
  invalid_dates: 400,
  key_reused: 422,
  min_stay: 422,
  not_found: 404,
  overlap: 409,
  price_changed: 409,
  stay_completed: 409,
  stay_too_long: 422,
  too_many_guests: 422,
};

/** Any error as an answer; what nobody expected says nothing of itself. */
export function toErrorAnswer(error: unknown): RestAnswer {
  if (error instanceof BusinessError) return answer(STATUS[error.code], error.code, error.message);
  if (error instanceof RestError) return { ...answer(error.status, error.code, error.message), headers: error.headers };
  if (error instanceof z.ZodError) return answer(400, "invalid_request", z.prettifyError(error));
  return answer(500, "internal_error", "the request could not be answered");
}

function answer(status: number, code: string, message: string): RestAnswer {
  return { status, body: { error: { code, message } } };
}
