import type { Change, Verdict } from "../change.ts";
import { type Findings, ofTool } from "./report.ts";
import { type SarifResult, sarifLog, sarifPlace } from "./sarif-log.ts";

const LEVELS: Readonly<Record<Verdict, "error" | "note" | "none">> = {
  breaking: "error",
  additive: "note",
  wording: "none",
};

/** A report for tools that show findings beside code: SARIF 2.1.0. Breaking changes that a new version excuses are warnings. */
export function sarifReport(findings: Findings, lineOf: (tool: string) => number): string {
  const broken = new Set(findings.broken);
  const level = (change: Change): SarifResult["level"] =>
    change.verdict === "breaking" && !broken.has(change) ? "warning" : LEVELS[change.verdict];
  const results = findings.changes.map(
    (change): SarifResult => ({
      ruleId: change.rule,
      level: level(change),
      message: { text: `${change.tool}: ${change.message}` },
      locations: [
        {
          ...sarifPlace(findings.file, lineOf(change.tool)),
          logicalLocations: [{ fullyQualifiedName: `${change.tool}${change.pointer}`, kind: "function" }],
        },
      ],
    }),
  );
  const prompts = findings.prompts.map(
    ({ path, line, name, change }): SarifResult => ({
      ruleId: "prompt.names",
      level: "error",
      message: { text: `Names ${name}${ofTool(name, change.tool)}: ${change.message}` },
      locations: [sarifPlace(path, line)],
    }),
  );
  const all = [...results, ...prompts];
  const rules = [...new Set(all.map(({ ruleId }) => ruleId))].toSorted().map((id) => ({ id }));
  return sarifLog("callgate contract", rules, all);
}
