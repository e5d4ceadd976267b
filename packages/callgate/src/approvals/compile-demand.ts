import type { ApprovalLevel, ApprovalRule, ApprovalRules } from "../define/approval.ts";
import { DefinitionError, type DefinitionPlace } from "../define/definition-error.ts";
import type { ToolDeclaration } from "../define/tool.ts";
import { CelFault, compileCel } from "./cel-rule.ts";
import type { ApprovalDemand, CompiledRule } from "./demand.ts";
import { approvalLevels, isApprovalLevel, isHigher } from "./levels.ts";

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
  const { approval } = declaration;
  const declared: ApprovalRules = typeof approval === "object" ? approval : { ...(approval && { level: approval }) };
  refuseOddRules(declared, place);
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

/** Nothing is committed by a read, so there is nothing to hold back until somebody agrees. */
function readDemand(declaration: object, place: DefinitionPlace): ApprovalDemand {
  if (Object.hasOwn(declaration, "approval"))
    throw new DefinitionError(
      place,
      "it is a read with `approval`.",
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

const KNOWN: Readonly<Record<keyof ApprovalRules, true>> = { level: true, rules: true, expiresMinutes: true };

function refuseOddRules(declared: ApprovalRules, place: DefinitionPlace): void {
  const unknown = Object.keys(declared).find((field) => !Object.hasOwn(KNOWN, field));
  if (unknown !== undefined)
    throw new DefinitionError(place, `its approval has a field "${unknown}".`, `Use ${Object.keys(KNOWN).join(", ")}.`);
  if (declared.level !== undefined) refuseOddLevel(declared.level, "its approval", place);
  refuseOddMinutes(declared.expiresMinutes, "its approval.expiresMinutes", place);
}

/** Refuses what is no whole number of minutes up to thirty days; left out is well. */
export function refuseOddMinutes(minutes: number | undefined, name: string, place: DefinitionPlace): void {
  if (minutes === undefined || (Number.isInteger(minutes) && minutes >= 1 && minutes <= 30 * 24 * 60)) return;
  throw new DefinitionError(place, `${name} is ${minutes}.`, "Use whole minutes, 43,200 (thirty days) at most.");
}

function refuseOddLevel(level: ApprovalLevel, what: string, place: DefinitionPlace): void {
  if (isApprovalLevel(level)) return;
  throw new DefinitionError(place, `${what} is "${String(level)}".`, `Use one of ${approvalLevels.join(", ")}.`);
}

interface RulePlace {
  readonly name: string;
  readonly place: DefinitionPlace;
  readonly inputFields: ReadonlySet<string> | undefined;
}

function compileRule(rule: ApprovalRule, { name, place, inputFields }: RulePlace): CompiledRule {
  refuseOddLevel(rule.level, `the level of ${name}`, place);
  const { when, level } = rule;
  if (typeof when === "function") return { level, because: rule.because, name, when };
  if (typeof when !== "string" || when.trim() === "")
    throw new DefinitionError(place, `${name} has no \`when\`.`, "Give it a function, or CEL like plan.total > 1000.");
  try {
    return { level, because: rule.because ?? when, name, when: compileCel(when, inputFields) };
  } catch (error) {
    if (!(error instanceof CelFault)) throw error;
    throw new DefinitionError(
      place,
      `${name}, "${when}", is no rule: ${error.message}.`,
      "Write CEL over plan, input and subject that gives true or false, e.g. plan.total > 1000, or give a function.",
    );
  }
}
