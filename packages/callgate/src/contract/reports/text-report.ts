import { byTool, countWords, type Findings, outcomeWords } from "./report.ts";

const MARKS = { breaking: "✗", additive: "+", wording: "~" };

/** A report for people at a terminal; `outcome` is what it ends with. */
export function textReport(findings: Findings, outcome: string = outcomeWords(findings)): string {
  const lines = [...byTool(findings.changes)].flatMap(([tool, changes]) => [
    tool,
    ...changes.map(({ verdict, message, rule, pointer }) =>
      `  ${MARKS[verdict]} ${message}  [${rule}] ${pointer}`.trimEnd(),
    ),
  ]);
  const prompts = findings.prompts.map(
    ({ path, line, name, change }) => `  ${path}:${line} names ${name}: ${change.message}`,
  );
  return [
    ...lines,
    ...(prompts.length > 0 ? ["Prompts that this breaks:", ...prompts] : []),
    `${findings.file}: ${countWords(findings.changes)}. ${outcome}`,
  ].join("\n");
}
