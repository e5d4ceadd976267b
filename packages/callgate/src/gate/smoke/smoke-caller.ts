import type { Subject } from "../../define/subject.ts";
import type { Exchange } from "../../wire/exchange.ts";
import { Call } from "../call/call.ts";
import { ownExchange } from "../call/own-exchange.ts";
import type { GateParts } from "../parts.ts";

/** Who has a smoke test run, and how the record is to lead there. */
export interface SmokeRunner {
  readonly subject: Subject;
  readonly callId: string;
  readonly traceparent: string;
}

/** What a smoke test calls: a read of its domain. */
export interface SmokeCall {
  readonly domain: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/**
 * Calls a tool through every stage and gives its result, as a subject of the smoke test's own: whoever has it run need
 * not see what is tried, and learns nothing of it but how it went. The record names them all the same.
 */
export async function callForSmoke(gate: GateParts, runner: SmokeRunner, wanted: SmokeCall): Promise<unknown> {
  const call = new Call(gate, exchangeOf(gate, runner, wanted));
  call.subject = smokeSubject(gate, runner.subject, wanted);
  const { error, answer, value } = await gate.pass(call);
  if (error !== undefined) throw error;
  if (answer.kind === "error") throw new Error(answer.message);
  if (answer.resultType === "input_required")
    throw new Error("it asks its caller something, and nobody is there to answer");
  return value;
}

/** Who tries a domain for somebody: sees the whole of it and nothing else; the tenant is that of whoever has it tried. */
export function smokeSubject(
  { registry }: GateParts,
  { caller, user, tenant }: Pick<Subject, "caller" | "user" | "tenant">,
  { domain, tool: wanted }: Pick<SmokeCall, "domain" | "tool">,
): Subject {
  const tools = registry.tools.filter((tool) => tool.domain.name === domain);
  const kinds = tools.find(({ name }) => name === wanted)?.kinds;
  return Object.freeze({
    kind: kinds?.includes("operator") === false ? (kinds[0] ?? "operator") : "operator",
    id: `smoke:${domain}`,
    caller,
    user,
    account: undefined,
    tenant,
    role: undefined,
    modes: [...new Set(tools.flatMap(({ modes }) => modes ?? []))],
    scopes: ["*"],
    domains: [domain],
    attributes: {},
    flags: [...new Set(tools.flatMap(({ flags }) => flags))],
  } satisfies Subject);
}

function exchangeOf(gate: GateParts, runner: SmokeRunner, { domain, tool, input, signal }: SmokeCall): Exchange {
  const reason = `Smoke test of ${domain}, which ${runner.subject.id} had run by ${runner.callId}`;
  return ownExchange({
    method: "tools/call",
    params: { name: tool, arguments: gate.config.reason === "off" ? input : { reason, ...input } },
    meta: {
      clientInfo: { name: "callgate-smoke", version: gate.config.version ?? "0.0.0" },
      traceparent: runner.traceparent,
    },
    signal,
  });
}
