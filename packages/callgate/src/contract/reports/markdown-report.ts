import { byTool, countWords, type Findings, ofTool, outcomeWords } from "./report.ts";

/** A report for the comment of a pull request. */
export function markdownReport(findings: Findings): string {
  const rows = [...byTool(findings.changes)].flatMap(([tool, changes]) =>
    changes.map(({ verdict, message, rule }) => `| ${code(tool)} | ${verdict} | ${cell(message)} | ${code(rule)} |`),
  );
  const table = ["| tool | verdict | change | rule |", "| --- | --- | --- | --- |", ...rows];
  const prompts = findings.prompts.map(
    ({ path, line, name, change }) =>
      `- ${code(`${path}:${line}`)} names ${code(name)}${ofTool(name, change.tool, code)}: ${cell(change.message)}`,
  );
  return [
    `### Tool contract: ${countWords(findings.changes)}`,
    "",
    outcomeWords(findings),
    ...(rows.length > 0 ? ["", ...table] : []),
    ...(prompts.length > 0 ? ["", "**Prompts that this breaks**", "", ...prompts] : []),
    "",
  ].join("\n");
}

/** What authors wrote stays within its cell, and starts nothing there. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\|<>[\]]/g, String.raw`\$&`);
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replaceAll(/\s+/g, " ")}\``;
}
