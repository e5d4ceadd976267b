import type { ApprovalRule } from "../define/approval.ts";
import { DefinitionError, type DefinitionPlace } from "../define/definition-error.ts";
import type { ToolDeclaration } from "../define/tool.ts";
import { CelFault, compileCel } from "./cel-rule.ts";
import type { ApprovalDemand, CompiledRule } from "./demand.ts";
import { isHigher } from "./levels.ts";
import { toApprovalRules } from "./to-approval-rules.ts";

const DEFAULT: ApprovalDemand = Object.freeze({ level: "none", because: [], rules: [], expiresMinutes: undefined });

/**
 * What a tool demands, from its declaration: a destructive write, or one of high impact, the approval of the person it
 * is for, unless its `approval` says otherwise. Throws `DefinitionError` where a level or rule cannot work.
 *
 * @param inputFields The names that an input may have; undefined where they are not known.
 */
export function compileDemand(
  declaration: ToolDeclaration,
  place: DefinitionPlace,
  inputFields: ReadonlySet<string> | undefined,
): ApprovalDemand {
  if (declaration.effect === "read") return readDemand(declaration, place);
  const declared = toApprovalRules(declaration.approval, place);
  const natural = reasonsFor(declaration);
  const level = declared.level ?? (natural.length > 0 ? "owner" : "none");
  return {
    level,
    because: isHigher(level, "none") ? natural : [],
    rules: (declared.rules ?? []).map((rule, at) =>
      compileRule(rule, { name: `rule ${at + 1} of ${declaration.name}`, place, inputFields }),
    ),
    expiresMinutes: declared.expiresMinutes,
  };
}

type ReadDeclaration = Extract<ToolDeclaration, { readonly effect: "read" }>;

/** Nothing is committed by a read, so there is nothing to hold back until somebody agrees. */
function readDemand(declaration: ReadDeclaration, place: DefinitionPlace): ApprovalDemand {
  const demands = Object.hasOwn(declaration, "approval") ? "`approval`" : "high `impact`";
  if (declaration.impact === "high" || Object.hasOwn(declaration, "approval"))
    throw new DefinitionError(
      place,
      `it is a read with ${demands}.`,
      "Leave it out: only writes wait for an approval.",
    );
  return DEFAULT;
}

function reasonsFor({ effect, impact }: ToolDeclaration): readonly string[] {
  const reasons: string[] = [];
  if (effect === "destructive") reasons.push("It takes something away for good.");
  if (impact === "high") reasons.push("Its impact is high.");
  return reasons;
}

interface RulePlace {
  /** For people: which rule of what. */
  readonly name: string;
  readonly place: DefinitionPlace;
  readonly inputFields: ReadonlySet<string> | undefined;
}

function compileRule(rule: ApprovalRule, { name, place, inputFields }: RulePlace): CompiledRule {
  const { when, level } = rule;
  if (typeof when === "function") return { level, because: rule.because, name, when };
  return { level, because: rule.because ?? when, name, when: compileWhen(when, { name, place, inputFields }) };
}

/** Throws `DefinitionError` where the expression can give no verdict over such an input. */
export function compileWhen(when: string, { name, place, inputFields }: RulePlace): CompiledRule["when"] {
  try {
    return compileCel(when, inputFields);
  } catch (error) {
    if (!(error instanceof CelFault)) throw error;
    throw new DefinitionError(
      place,
      `${name}, "${when}", is no rule: ${error.message}.`,
      "Write CEL over plan, input and subject that gives true or false, e.g. plan.total > 1000, or give a function.",
    );
  }
}
