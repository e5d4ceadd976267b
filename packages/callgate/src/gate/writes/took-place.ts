import type { CallError } from "../../define/call-error.ts";
import type { Ending } from "../answers/ending.ts";
import { toCallError } from "../answers/failure.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Note } from "../answers/result-ending.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import { type CheckedResult, shapeChecked } from "../shape.ts";

/** The answer of a write that is done. Whatever breaks on the way to it must not read as if the write had failed. */
export async function answerDone(
  call: Call,
  tool: ServedTool,
  answered: { readonly checked: CheckedResult; readonly note: Note },
): Promise<Ending> {
  try {
    return await shapeChecked(call, tool, answered);
  } catch (thrown) {
    const error = toCallError(call, thrown);
    // That one says so itself.
    throw error.code === "result_too_large" ? error : tookPlace(call, tool, error);
  }
}

/** What is left to say of an effect whose result cannot be shown. */
export function tookPlace(call: Call, tool: ServedTool, error: CallError): CallError {
  return gateError("result_invalid", `${tool.name} took place, but its result cannot be shown (${error.code}).`, {
    next: `Do not call it again. Look at its effect with a reading tool, and tell the people who run this the id ${call.id}.`,
    cause: error,
  });
}
