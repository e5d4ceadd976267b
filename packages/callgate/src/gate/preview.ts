import { type InputRequired, isInputRequired } from "../define/input-required.ts";
import type { Plan } from "../define/tool.ts";
import { sha256Hex, toCanonicalJson } from "../ledger/digest.ts";
import { withDeprecation } from "./answers/deprecation.ts";
import type { Ending } from "./answers/ending.ts";
import { gateError } from "./answers/gate-error.ts";
import { fitting, previewTooLarge } from "./answers/page.ts";
import { structuredEnding } from "./answers/result-ending.ts";
import { demandedBy } from "./approvals/demanded-by.ts";
import { askClient } from "./ask-client.ts";
import type { Call } from "./call/call.ts";
import { callDigest } from "./call/call-digest.ts";
import { GatePlanContext } from "./context/context.ts";
import { guarded } from "./run.ts";
import type { ServedTool, WriteDefinition } from "./served/served.ts";

/** Stage 7. `plan` alone: what would happen, and the hash by which a later call commits exactly that. Nothing is claimed. */
export async function preview(call: Call, tool: ServedTool): Promise<Ending> {
  const plan = await planFor(call, tool, call.own.key);
  call.mark("plan");
  if (isInputRequired(plan)) return askClient(call, plan);
  const { level } = await demandedBy(call, tool, plan);
  const value = { ...previewOf(call, tool, plan), ...(level !== "none" && { approval: level }) };
  const fitted = fitting(tool, value);
  if (fitted === undefined) throw previewTooLarge(tool);
  return { ...structuredEnding(fitted.text, value, withDeprecation(call, tool)), outcome: "preview" };
}

/** Runs `plan` with the read credential; other tools that it calls may be read but not written. */
export async function planFor(call: Call, tool: ServedTool, key: string | undefined): Promise<Plan | InputRequired> {
  const write = writeOf(tool);
  const planned = await guarded(call, (stop) => write.plan(call.input, new GatePlanContext(call, stop, key)));
  if (isInputRequired(planned) || isPlan(planned)) return planned;
  throw gateError("result_invalid", `${tool.name} gave a plan without a preview; nothing was done.`, {
    next: `Tell the people who run this, with the id ${call.id}.`,
  });
}

function isPlan(value: unknown): value is Plan {
  const preview = (value as Partial<Plan> | undefined | null)?.preview;
  return typeof preview === "object" && preview !== null && !Array.isArray(preview);
}

/** What a dry run shows of a plan, and a later call is held to. */
export function previewOf(
  call: Call,
  tool: ServedTool,
  plan: Plan,
): { dry_run: true; preview: Plan["preview"]; preview_hash: string } {
  return { dry_run: true, preview: plan.preview, preview_hash: planHash(call, tool, plan) };
}

/** What a preview is held to, and an approval: SHA-256 over subject, digest and everything in the plan that is not declared volatile. */
export function planHash(call: Call, tool: ServedTool, plan: Plan): string {
  return sha256Hex(toCanonicalJson([call.subject.id, callDigest(call, tool), bindingOf(tool, plan)]));
}

/** Everything in a plan that is not declared volatile. */
export function bindingOf(tool: ServedTool, plan: Plan): Readonly<Record<string, unknown>> {
  const { volatile } = writeOf(tool);
  return Object.fromEntries(Object.entries(plan).filter(([field]) => !volatile?.includes(field)));
}

/** The declaration of a tool that is known to write. */
export function writeOf(tool: ServedTool): WriteDefinition {
  if (tool.declaration.effect === "read") throw new Error(`${tool.name} is a read`);
  return tool.declaration;
}
