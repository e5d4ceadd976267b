import type { ExitReason } from "./exit-codes.ts";

export interface CliErrorOptions extends ErrorOptions {
  /** What to do about it. */
  readonly next?: string | undefined;
  /** What broke stands in the gate's log alone. */
  readonly isLogged?: boolean;
  /** What the gate itself said of a call that failed. */
  readonly said?: SaidError | undefined;
}

/** An error of a gate, in the gate's own members. */
export interface SaidError {
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
  /** What a program needs to go on, or the words of a server behind the gate. */
  readonly details?: unknown;
}

/** Something a person at the terminal should know, in one sentence, with what to do about it. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly reason: ExitReason;
  readonly next: string | undefined;
  readonly isLogged: boolean;
  readonly said: SaidError | undefined;

  constructor(reason: ExitReason, message: string, options: CliErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.next = options.next;
    this.isLogged = options.isLogged ?? false;
    this.said = options.said;
  }
}
