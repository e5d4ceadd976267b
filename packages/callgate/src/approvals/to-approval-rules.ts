import type { ApprovalLevel, ApprovalRule, ApprovalRules } from "../define/approval.ts";
import type { DefinitionPlace } from "../define/definition-error.ts";
import { anObject, type Kind, type Kinds, listOf, oneOf, wholeNumber, words } from "../settings/kinds.ts";
import { refuseMissingFields, refuseUnknownFields } from "../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../settings/refuse-odd-values.ts";
import { approvalLevels } from "./levels.ts";

const THIRTY_DAYS = 30 * 24 * 60;
const RULE = anObject('{ when: "plan.total > 1000", level: "operator" }');
const LEVEL = oneOf(approvalLevels);

/** Minutes that a request may be decided. */
export const expiryMinutes: Kind = {
  fits: wholeNumber({ most: THIRTY_DAYS }).fits,
  cure: "Use whole minutes, 43,200 (thirty days) at most.",
};

const RULES_KINDS: Kinds<ApprovalRules> = {
  level: LEVEL,
  rules: listOf(RULE, 'Give a list: [{ when: "plan.total > 1000", level: "operator" }].'),
  expiresMinutes: expiryMinutes,
};

const RULE_KINDS: Kinds<ApprovalRule> = {
  when: {
    fits: (when) => typeof when === "function" || (typeof when === "string" && when.trim() !== ""),
    cure: "Give a function, or CEL like plan.total > 1000.",
  },
  level: LEVEL,
  because: words,
};

/** An approval as rules, however it was said. Throws `DefinitionError` where a level or a rule is none; what a rule names is not judged. */
export function toApprovalRules(
  approval: ApprovalLevel | ApprovalRules | undefined,
  place: DefinitionPlace,
): ApprovalRules {
  if (approval === undefined) return {};
  if (typeof approval !== "object" || approval === null) {
    refuseOddValues({ approval }, { approval: LEVEL }, { place });
    return { level: approval };
  }
  refuseUnknownFields(approval, RULES_KINDS, { ...place, setting: "approval" });
  refuseOddValues(approval, RULES_KINDS, { place, within: "approval." });
  for (const [at, rule] of (approval.rules ?? []).entries()) refuseOddRule(rule, `approval.rules[${at}]`, place);
  return approval;
}

function refuseOddRule(rule: ApprovalRule, name: string, place: DefinitionPlace): void {
  refuseUnknownFields(rule, RULE_KINDS, { ...place, setting: name });
  refuseMissingFields(rule, { kinds: RULE_KINDS, needed: ["when", "level"] }, { ...place, setting: name });
  refuseOddValues(rule, RULE_KINDS, { place, within: `${name}.` });
}
