import type { CallError } from "../../define/call-error.ts";
import type { GateErrorCode } from "../../define/error-codes.ts";
import type { AuditOutcome } from "../../store/audit-port.ts";
import type { Answer, ErrorAnswer } from "../../wire/exchange.ts";

/** How a call ended: what the client gets, and what the audit says of it. */
export interface Ending {
  readonly answer: Answer;
  readonly outcome: AuditOutcome;
  readonly code: string | undefined;
  readonly category: string | undefined;
  readonly message: string | undefined;
  /** The result as JSON text, before masking. */
  readonly resultText: string | undefined;
  /** What a tool that called this one gets: the structured result, or the error to throw. */
  readonly value: unknown;
  readonly error: CallError | undefined;
  /** Of the answer, where they were counted before; for the record. */
  readonly bytes?: number;
  /** True for refusals that are counted instead of recorded one by one. */
  readonly counted: boolean;
}

/** A refusal that the client must mend, not the model; counted per second where many come. */
export function refused(code: GateErrorCode, answer: ErrorAnswer, counted = true): Ending {
  return {
    answer,
    outcome: "refused",
    code,
    category: undefined,
    message: answer.message,
    resultText: undefined,
    value: undefined,
    error: undefined,
    counted,
  };
}
