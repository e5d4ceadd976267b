import { inspect } from "node:util";
import { isCallError } from "../define/call-error.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import type { ToolDeclaration } from "../define/tool.ts";
import { within } from "../limits/within.ts";
import { gateError } from "./answers/gate-error.ts";
import type { Call } from "./call/call.ts";

/** Stage 6. Whether this subject may touch what the arguments name. A guard that breaks or hangs denies. */
export function guard(call: Call): MaybePromise<void> {
  const { served } = call;
  if (served.kind !== "tool" || served.declaration.guard === undefined) return;
  return allow(call, served.declaration.guard);
}

async function allow(call: Call, rule: Guard): Promise<void> {
  const allowed = await decide(call, rule);
  if (allowed !== true) {
    throw gateError("not_allowed", "That is not yours to see or change.", {
      next: "Use only what your own lists show; ask a person for more rights if you need them.",
    });
  }
}

type Guard = NonNullable<ToolDeclaration["guard"]>;

async function decide(call: Call, rule: Guard): Promise<unknown> {
  try {
    const answer = rule({ input: call.input, subject: call.subject });
    return answer instanceof Promise ? await within(call.deadline - call.gate.clock(), () => answer) : answer;
  } catch (error) {
    if (isCallError(error)) throw error;
    call.gate.log.error("a guard broke, so the call is denied", {
      callId: call.id,
      tool: call.served.name,
      error: inspect(error),
    });
    return false;
  }
}
