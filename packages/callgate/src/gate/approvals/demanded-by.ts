import type { DemandedApproval } from "../../approvals/level-for.ts";
import type { Plan } from "../../define/tool.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";

/** How much a planned write demands of this caller, and why. */
export async function demandedBy(call: Call, tool: ServedTool, plan: Plan): Promise<DemandedApproval> {
  const { gate, input, subject } = call;
  const { name, domain, effect, approval: demand, declaration } = tool;
  const impact = declaration.impact ?? "normal";
  const asked = { demand, tool: name, domain: domain.name, effect, impact, input, subject, plan };
  const { level, because } = await gate.levels.levelFor(asked);
  // Where nobody stands behind the caller, nobody can agree for it: another person has to.
  return level === "owner" && subject.user === undefined ? { level: "operator", because } : { level, because };
}
