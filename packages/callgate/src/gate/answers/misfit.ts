import type { CallError } from "../../define/call-error.ts";
import type { Call } from "../call/call.ts";
import { gateError } from "./gate-error.ts";

/** A result that is not what it should be: what is wrong with it stands in the log, for it may say what nobody should see. */
export function misfit(call: Call, problems: readonly string[]): CallError {
  call.gate.log.error("a tool's result does not fit its schema", { callId: call.id, tool: call.served.name, problems });
  return gateError("result_invalid", `${call.served.name} gave a result that does not fit its own schema.`, {
    next: `Tell the people who run this, with the id ${call.id}.`,
  });
}
