import type { CheckRuleId } from "../../define/check.ts";
import type { Rule } from "../rule.ts";
import { domainRules } from "./domains.ts";
import { fieldRules } from "./fields.ts";
import { listRules } from "./lists.ts";
import { callRules } from "./rights.ts";
import { nameRules } from "./same-names.ts";
import { serverRules } from "./servers.ts";
import { toolWords } from "./tool-words.ts";
import { writeRules } from "./writes.ts";

/** Every rule, in the order of docs/rules.md. */
export const rules: Readonly<Record<CheckRuleId, Rule>> = {
  ...toolWords,
  ...domainRules,
  ...serverRules,
  ...fieldRules,
  ...nameRules,
  ...writeRules,
  ...callRules,
  ...listRules,
  "allow-unneeded": {
    severity: "warning",
    finds:
      "something that is allowed and does not occur, that is allowed without a reason, or for a tool that is not there",
    reason: "What is allowed for ever without a reason hides what comes later.",
    cure: "Take it out of `check.allow`, or say why in a sentence.",
  },
};
