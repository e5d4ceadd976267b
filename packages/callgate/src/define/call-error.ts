/** What kind of thing went wrong; decides who can mend it. */
export type ErrorCategory = "validation" | "domain" | "security" | "infrastructure" | "network" | "system";

/** Whether to try again: never, with the same idempotency key, or after so many milliseconds. */
export type Retry = "never" | "same_key" | { readonly afterMs: number };

/** What a `CallError` says beside its code and message. */
export interface CallErrorOptions {
  /** `domain` unless said otherwise. From `commit`, `domain`, `validation` and `security` say that nothing happened. */
  readonly category?: ErrorCategory;
  /** The tool to call or the thing to change, as a sentence for the model. */
  readonly next?: string;
  /** `never` unless said otherwise. From `commit`, anything else lets the same key try again. */
  readonly retry?: Retry;
  /** From `commit`: it is certain that nothing happened, whatever the category; as where a backend was never reached. */
  readonly nothingDone?: boolean;
  /** More for the model to work with; JSON, shown as it is. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What is behind it; for the gate's log alone. */
  readonly cause?: unknown;
}

const BRAND = Symbol.for("callgate.CallError");

/**
 * The one error that a caller sees: a stable `code`, a message for the model, and what to do next.
 * Whatever else is thrown becomes `system_error` with an id, its text only in the log.
 */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: string;
  readonly category: ErrorCategory;
  readonly next: string | undefined;
  readonly retry: Retry;
  readonly nothingDone: boolean;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, options: CallErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.category = options.category ?? "domain";
    this.next = options.next;
    this.retry = options.retry ?? "never";
    this.nothingDone = options.nothingDone ?? false;
    this.details = options.details;
  }
}

Object.defineProperty(CallError.prototype, BRAND, { value: true });

/** True for a `CallError` of any copy of this package. */
export function isCallError(error: unknown): error is CallError {
  return typeof error === "object" && error !== null && BRAND in error;
}
