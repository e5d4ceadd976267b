import { type SarifResult, type SarifRule, sarifLog, sarifPlace } from "../../contract/reports/sarif-log.ts";
import { checkRuleIds } from "../../define/check.ts";
import type { CheckReport } from "../check-report.ts";
import type { Finding } from "../finding.ts";
import { rules } from "../rules/all-rules.ts";
import type { SourcePlaces } from "../source-places.ts";

/** A report for tools that show findings beside code: SARIF 2.1.0. What is allowed is in it, as suppressed. */
export function sarifReport({ findings, allowed }: CheckReport, places: SourcePlaces): string {
  const described = checkRuleIds.map(
    (id): SarifRule => ({
      id,
      shortDescription: { text: `Finds ${rules[id].finds}.` },
      help: { text: `${rules[id].reason} ${rules[id].cure}` },
    }),
  );
  const result = (finding: Finding): SarifResult => {
    const { rule, severity, at, message, cure } = finding;
    const { path, line } = places.of(at);
    const name = [at.domain, at.tool, at.field, at.caller].filter((part) => part !== undefined).join("/");
    const logicalLocations = [{ fullyQualifiedName: name === "" ? "gate" : name, kind: "function" }];
    return {
      ruleId: rule,
      level: severity,
      message: { text: `${name === "" ? "" : `${name}: `}${message} ${cure}` },
      locations: [{ ...sarifPlace(path, line), logicalLocations }],
    };
  };
  const suppressed = allowed.map((each) => ({
    ...result(each),
    suppressions: [{ kind: "external" as const, justification: each.because }],
  }));
  return sarifLog("callgate check", described, [...findings.map(result), ...suppressed]);
}
