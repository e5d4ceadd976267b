import type { Exchange } from "../wire/exchange.ts";
import { Call } from "./call.ts";
import { gateError } from "./gate-error.ts";

/** A tool calls another: through every stage, as the same subject, recorded on its own under the same trace. */
export async function callFromTool(
  outer: Call,
  tool: string,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const wanted = outer.gate.menus.of(outer.subject, undefined).tools.get(tool);
  if (outer.planning && wanted !== undefined && wanted.effect !== "read") {
    throw gateError("plan_may_not_write", `A plan may not call ${tool}, which writes.`, {
      next: "Call it in `commit`.",
    });
  }
  const exchange: Exchange = {
    revision: outer.exchange.revision,
    transport: outer.exchange.transport,
    presented: outer.exchange.presented,
    signal: outer.exchange.signal,
    method: "tools/call",
    params: { name: tool, arguments: { reason: outer.own.reason, ...input } },
    meta: { ...outer.exchange.meta, traceparent: outer.trace.traceparent, progressToken: undefined },
    endpoint: undefined,
    paramHeaders: undefined,
    inputBytes: 0,
    notify: () => undefined,
  };
  const call = new Call(outer.gate, exchange);
  call.subject = outer.subject;
  call.domainCredentials = outer.domainCredentials;
  const ending = await outer.gate.pass(call);
  if (ending.error !== undefined) throw ending.error;
  if (ending.answer.kind === "error") throw gateError("unknown_tool", ending.answer.message);
  return ending.value;
}
