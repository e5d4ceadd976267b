import type { ExitReason } from "./exit-codes.ts";

export interface CliErrorOptions extends ErrorOptions {
  /** What to do about it. */
  readonly next?: string | undefined;
  /** What broke stands in the gate's log alone. */
  readonly isLogged?: boolean;
}

/** Something a person at the terminal should know, in one sentence, with what to do about it. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly reason: ExitReason;
  readonly next: string | undefined;
  readonly isLogged: boolean;

  constructor(reason: ExitReason, message: string, options: CliErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.next = options.next;
    this.isLogged = options.isLogged ?? false;
  }
}
