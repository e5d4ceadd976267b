import { CelFault, compileCel } from "../../approvals/cel-rule.ts";
import type { ApprovalLevel, ApprovalRule, ApprovalRules } from "../../define/approval.ts";
import type { CallLog } from "../../define/context.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { UpstreamRules } from "../upstream-options.ts";
import { servedName } from "./served-name.ts";

type Approval = ApprovalLevel | ApprovalRules | undefined;

/**
 * An upstream's approval as that of one of its tools. Its CEL is judged over whatever arguments a call has: a rule that names
 * one which the tool does not have cannot be judged there, and holds, as any such rule does.
 */
export function sharedApproval(approval: Approval): Approval {
  if (typeof approval !== "object" || approval.rules === undefined) return approval;
  return { ...approval, rules: approval.rules.map(overAnyInput) };
}

function overAnyInput(rule: ApprovalRule): ApprovalRule {
  const { when } = rule;
  if (typeof when !== "string") return rule;
  const judge = compileCel(when, undefined);
  // What is no boolean counts as true where rules are judged.
  return { ...rule, because: rule.because ?? when, when: (asked) => judge(asked) as boolean };
}

interface Sharing {
  readonly upstream: string;
  readonly options: UpstreamRules;
  readonly log: CallLog;
}

/**
 * Refuses an approval or a high impact of a tool that is a read, which nobody would be asked for, and a rule of an upstream that fits none of
 * the writes that it is for; tells of those that it does not fit.
 */
export function refuseIdleRules(tools: readonly ToolDeclaration[], { upstream, options, log }: Sharing): void {
  const { approval } = options;
  refuseDemandingReads(tools, upstream, options);
  const settings = Object.entries(options.tools ?? {}).filter(([, tool]) => tool.approval !== undefined);
  const ruledApart = new Set(settings.map(([name, tool]) => servedName(name, tool, options)));
  const writes = tools.filter(({ effect, name }) => effect !== "read" && !ruledApart.has(name));
  if (typeof approval !== "object" || writes.length === 0) return;
  for (const { when } of approval.rules ?? []) {
    if (typeof when !== "string") continue;
    const others = writes.filter(({ input }) => !fits(when, input as JsonObject)).map(({ name }) => name);
    if (others.length === writes.length)
      throw new DefinitionError(
        { setting: `upstream("${upstream}", { approval })` },
        `its rule "${when}" fits none of the writes that it is for.`,
        "Name an argument that one of them has, or leave it out.",
      );
    if (others.length > 0)
      log.warn(
        "a rule of an upstream names arguments that some of its writes do not have; it holds where it cannot be judged",
        {
          upstream,
          rule: when,
          tools: others,
          next: "Give these an approval of their own, or let the rule look first: has(input.price) && input.price > 3",
        },
      );
  }
}

function refuseDemandingReads(tools: readonly ToolDeclaration[], upstream: string, options: UpstreamRules): void {
  const reads = new Set(tools.filter(({ effect }) => effect === "read").map(({ name }) => name));
  for (const [name, tool] of Object.entries(options.tools ?? {})) {
    const { approval = "none", impact } = tool;
    const setting = approval !== "none" ? "approval" : impact === "high" ? "impact" : undefined;
    if (setting === undefined || !reads.has(servedName(name, tool, options))) continue;
    throw new DefinitionError(
      { setting: `upstream("${upstream}", { tools: { ${name}: { ${setting} } } })` },
      "the tool is taken for a read, and only writes wait for an approval.",
      'Leave it out, or say that it is more than a read: effect: "write".',
    );
  }
}

function fits(when: string, { properties, additionalProperties = false }: JsonObject): boolean {
  const isKnown = typeof properties === "object" && properties !== null && additionalProperties === false;
  try {
    compileCel(when, isKnown ? new Set(Object.keys(properties)) : undefined);
    return true;
  } catch (error) {
    if (error instanceof CelFault) return false;
    throw error;
  }
}
