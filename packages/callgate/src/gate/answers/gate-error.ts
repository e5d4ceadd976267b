import { CallError, type CallErrorOptions } from "../../define/call-error.ts";
import { errorCodes, type GateErrorCode } from "../../define/error-codes.ts";

/** A `CallError` with one of the gate's own codes, in that code's category. */
export function gateError(code: GateErrorCode, message: string, options: CallErrorOptions = {}): CallError {
  return new CallError(code, message, { category: errorCodes[code][0], ...options });
}
