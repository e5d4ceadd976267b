import { type CheckReport, countWords, SEVERITIES } from "../check-report.ts";
import type { Finding } from "../finding.ts";
import type { SourcePlaces } from "../source-places.ts";

/** A report for people at a terminal: by domain and tool, gravest first, each cure said once; notes where they are asked for. */
export function textReport(report: CheckReport, places: SourcePlaces, notes: "shown" | "counted"): string {
  const shown = report.findings.filter(({ severity }) => notes === "shown" || severity !== "note");
  const groups = Map.groupBy(shown, titleOf);
  const lines = [...groups].flatMap(([title, findings]) => {
    const { at } = findings[0] as Finding;
    const { path, line } = places.of(at);
    return [at.domain === undefined ? title : `${title}  ${path}:${line}`, ...byGravity(findings).map(lineOf), ""];
  });
  const cures = new Map(byGravity(shown).map(({ rule, cure }) => [`${rule}${cure}`, `  ${rule}: ${cure}`]));
  return [
    ...lines,
    ...(cures.size > 0 ? ["What to do:", ...cures.values(), ""] : []),
    `${report.gate}: ${countWords(report)}.${shown.length < report.findings.length ? " --notes shows these too." : ""}`,
  ].join("\n");
}

function titleOf({ at: { domain, tool, caller } }: Finding): string {
  if (tool !== undefined) return `${domain} ${tool}`;
  return domain ?? (caller === undefined ? "The gate" : `The list of ${caller}`);
}

function lineOf({ severity, rule, message }: Finding): string {
  return `  ${severity.padEnd(7)}  ${message}  [${rule}]`;
}

function byGravity(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}
