import { isCallError } from "../define/call-error.ts";
import type { Call } from "./call.ts";
import { gateError } from "./gate-error.ts";

/** Stage 6. Whether this subject may touch what the arguments name. A guard that breaks or hangs denies. */
export async function guard(call: Call): Promise<void> {
  const { served } = call;
  if (served.kind !== "tool" || served.declaration.guard === undefined) return;
  const allowed = await decide(call, served.declaration.guard);
  if (allowed !== true) {
    throw gateError("not_allowed", "That is not yours to see or change.", {
      next: "Use only what your own lists show; ask a person for more rights if you need them.",
    });
  }
}

type Guard = NonNullable<Extract<Call["served"], { kind: "tool" }>["declaration"]["guard"]>;

async function decide(call: Call, rule: Guard): Promise<unknown> {
  try {
    const answer = rule({ input: call.input, subject: call.subject });
    return answer instanceof Promise ? await withinDeadline(answer, call.deadline - call.gate.clock()) : answer;
  } catch (error) {
    if (isCallError(error)) throw error;
    call.gate.log.error("a guard broke, so the call is denied", {
      callId: call.id,
      tool: call.served.name,
      error: String(error),
    });
    return false;
  }
}

async function withinDeadline(answer: Promise<unknown>, ms: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the guard did not answer within the deadline")), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
