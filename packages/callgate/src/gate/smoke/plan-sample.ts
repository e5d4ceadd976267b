import { isInputRequired } from "../../define/input-required.ts";
import { Call } from "../call/call.ts";
import { ownExchange } from "../call/own-exchange.ts";
import { check } from "../check.ts";
import { guard } from "../guard.ts";
import type { GateParts } from "../parts.ts";
import { bindingOf, planFor } from "../preview.ts";
import { smokeSubject } from "./smoke-caller.ts";

/** An example of a write's input, to be planned. */
export interface PlanSample {
  readonly tool: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/** What a commit would be held to; undefined where the plan has to ask its caller first. */
export interface SampledPlan {
  readonly binding: Readonly<Record<string, unknown>> | undefined;
}

const NOBODY = { caller: undefined, user: "check", tenant: undefined };

/** Checks, guards and plans as a dry run does, with the read credential, whether the tool is switched on or not; throws what a dry run would answer with. */
export async function planSample(gate: GateParts, { tool, input, signal }: PlanSample): Promise<SampledPlan> {
  const served = gate.registry.tools.find(({ name }) => name === tool);
  if (served === undefined) throw new Error(`there is no tool ${tool}`);
  const reason = gate.config.reason === "off" ? {} : { reason: "callgate check plans its example" };
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  const params = { name: tool, arguments: isObject ? { ...reason, ...input } : input };
  const call = new Call(gate, ownExchange({ method: "tools/call", params, signal }));
  call.subject = smokeSubject(gate, NOBODY, { domain: served.domain.name, tool });
  call.served = served;
  await check(call);
  await guard(call);
  const plan = await planFor(call, served, undefined);
  return { binding: isInputRequired(plan) ? undefined : bindingOf(served, plan) };
}
