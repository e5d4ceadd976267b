import { inspect } from "node:util";
import { type CallError, isCallError } from "../../define/call-error.ts";
import { rpcCode, rpcError } from "../../wire/rpc-error.ts";
import type { Call } from "../call/call.ts";
import type { Ending } from "./ending.ts";
import { gateError } from "./gate-error.ts";

/** Whatever was thrown, as the one error that a caller may see. The text of anything unexpected stays in the log. */
export function toCallError(call: Call, thrown: unknown): CallError {
  if (isCallError(thrown)) return thrown;
  call.gate.log.error("a tool broke", {
    callId: call.id,
    traceId: call.trace.traceId,
    tool: call.servedIfSeen?.name,
    error: inspect(thrown),
  });
  return gateError(
    "system_error",
    `Something broke in ${call.servedIfSeen?.name ?? "the gate"}. Its id is ${call.id}.`,
    {
      next: `Tell the people who run this, with the id ${call.id}.`,
    },
  );
}

/** What is behind an error that a tool or the gate threw on purpose; errors of inner calls are logged there. */
function logCause(call: Call, error: CallError): void {
  if (error.cause === undefined || call.isInner(error)) return;
  call.gate.log.warn("a tool failed", {
    callId: call.id,
    traceId: call.trace.traceId,
    tool: call.servedIfSeen?.name,
    code: error.code,
    error: inspect(error.cause),
  });
}

/** Details are a tool's own: what JSON cannot say is left out, and never breaks the answer. */
function jsonOf(call: Call, details: object): unknown {
  try {
    return JSON.parse(JSON.stringify(details));
  } catch (error) {
    call.gate.log.error("the details of an error are not JSON", { callId: call.id, error: inspect(error) });
    return undefined;
  }
}

/** A failed tool is a result that the model reads; a failed resource or prompt has no such result, so the client gets an error. */
export function failureEnding(call: Call, thrown: unknown): Ending {
  const error = toCallError(call, thrown);
  logCause(call, error);
  const said = {
    code: error.code,
    category: error.category,
    message: error.message,
    ...(error.next !== undefined && { next: error.next }),
    retry: error.retry,
    ...(error.details !== undefined && { details: jsonOf(call, error.details) }),
    call_id: call.id,
  };
  const text = JSON.stringify({ error: said });
  const common = {
    outcome: error.code === "call_cancelled" ? "cancelled" : error.code === "outcome_unknown" ? "unknown" : "error",
    code: error.code,
    category: error.category,
    message: error.message,
    resultText: text,
    value: undefined,
    error,
    counted: false,
  } as const;
  if (call.servedIfSeen?.kind === "tool") {
    const members = `"content":[{"type":"text","text":${JSON.stringify(text)}}],"isError":true`;
    const meta = `"io.callgate/error":${JSON.stringify(said)}`;
    return { ...common, answer: { kind: "result", members, resultType: "complete", cache: undefined, meta } };
  }
  const code =
    error.category === "validation" || error.category === "security" ? rpcCode.invalidParams : rpcCode.internal;
  return { ...common, answer: rpcError(code, error.message, { data: said }) };
}
