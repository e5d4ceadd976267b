import { rules } from "../packages/callgate/src/check/rules/all-rules.ts";
import { checkRuleIds } from "../packages/callgate/src/define/check.ts";

/** docs/rules.md as the rules of `callgate check` say it. */
export function rulesPage(): string {
  const rows = checkRuleIds.map((id) => `| [\`${id}\`](#${id}) | ${rules[id].severity} | ${cell(rules[id].finds)} |`);
  const sections = checkRuleIds.flatMap((id) => {
    const { severity, finds, reason, cure, cures } = rules[id];
    return [
      "",
      `## ${id}`,
      "",
      `${begun(severity)}. Finds ${finds}.`,
      "",
      reason,
      "",
      `**Cure.** ${cure}`,
      ...(cures?.openapi === undefined ? [] : ["", `**Of an API's description.** ${cures.openapi}`]),
      ...(cures?.upstream === undefined ? [] : ["", `**Of a server.** ${cures.upstream}`]),
    ];
  });
  return [
    "# Rules of `callgate check`",
    "",
    "Made from the rules by `npm run rules`. How to run them, and to tell them what is meant to be so: [checking](checking.md).",
    "",
    "| rule | counts as | finds |",
    "| --- | --- | --- |",
    ...rows,
    ...sections,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", String.raw`\|`);
}

function begun(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
