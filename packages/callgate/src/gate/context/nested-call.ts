import { CallError, type ErrorCategory, type Retry } from "../../define/call-error.ts";
import { errorCodes, type GateErrorCode } from "../../define/error-codes.ts";
import type { Stop } from "../../define/stop.ts";
import type { ErrorAnswer } from "../../wire/exchange.ts";
import type { Ending } from "../answers/ending.ts";
import { gateError } from "../answers/gate-error.ts";
import { Call } from "../call/call.ts";
import { ownExchange } from "../call/own-exchange.ts";
import { toolCalled } from "../served/menus.ts";

interface NestedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The signal of the tool that calls: a commit's goes on where the client has gone. */
  readonly signal: Stop;
  /** True where a plan calls: it may read alone. */
  readonly planning: boolean;
  /** The key of a write that is given none. */
  readonly key?: string;
}

/** A tool calls another: through every stage, as the same subject, recorded on its own under the same trace. */
export async function callFromTool(outer: Call, nested: NestedCall): Promise<unknown> {
  try {
    return await passOn(outer, nested);
  } catch (error) {
    // Only errors are thrown here.
    outer.addInner(error as Error);
    throw error;
  }
}

async function passOn(outer: Call, { tool, input, signal, planning, key }: NestedCall): Promise<unknown> {
  const wanted = toolCalled(outer.gate.menus.of(outer.subject, undefined), tool);
  const isWrite = wanted !== undefined && wanted.effect !== "read";
  if (planning && isWrite) {
    throw gateError("plan_may_not_write", `A plan may not call ${tool}, which writes.`, {
      next: "Call it in `commit`.",
    });
  }
  const exchange = ownExchange({
    revision: outer.exchange.revision,
    transport: outer.exchange.transport,
    presented: outer.exchange.presented,
    signal,
    method: "tools/call",
    params: {
      name: tool,
      arguments: { ...reasonOf(outer), ...(isWrite && key !== undefined && { idempotency_key: key }), ...input },
    },
    meta: { ...outer.exchange.meta, traceparent: outer.trace.traceparent, progressToken: undefined },
  });
  const call = new Call(outer.gate, exchange, { planning, nested: true });
  call.subject = outer.subject;
  call.domainCredentials = outer.domainCredentials;
  const ending = await outer.gate.pass(call);
  if (ending.error !== undefined) throw ending.error;
  if (ending.answer.kind === "error") throw refusalOf(ending, ending.answer);
  return ending.value;
}

function reasonOf({ own }: Call): { reason?: string } {
  return own.reason === undefined ? {} : { reason: own.reason };
}

/** What the client of the inner call would have had to mend, as an error for the tool that made it. */
function refusalOf({ code = "system_error" }: Ending, { message, data }: ErrorAnswer): CallError {
  const category: ErrorCategory = code in errorCodes ? errorCodes[code as GateErrorCode][0] : "system";
  return new CallError(code, message, { category, retry: (data?.["retry"] as Retry | undefined) ?? "never" });
}
