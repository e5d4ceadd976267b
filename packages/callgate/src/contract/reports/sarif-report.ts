import type { Change, Verdict } from "../change.ts";
import type { Findings } from "./report.ts";

const LEVELS: Readonly<Record<Verdict, "error" | "note" | "none">> = {
  breaking: "error",
  additive: "note",
  wording: "none",
};

/** A report for tools that show findings beside code: SARIF 2.1.0. Breaking changes that a new version excuses are warnings. */
export function sarifReport(findings: Findings, lineOf: (tool: string) => number): string {
  const broken = new Set(findings.broken);
  const level = (change: Change): string =>
    change.verdict === "breaking" && !broken.has(change) ? "warning" : LEVELS[change.verdict];
  const results = findings.changes.map((change) => ({
    ruleId: change.rule,
    level: level(change),
    message: { text: `${change.tool}: ${change.message}` },
    locations: [
      {
        ...place(findings.file, lineOf(change.tool)),
        logicalLocations: [{ fullyQualifiedName: `${change.tool}${change.pointer}`, kind: "function" }],
      },
    ],
  }));
  const prompts = findings.prompts.map(({ path, line, name, change }) => ({
    ruleId: "prompt.names",
    level: "error",
    message: { text: `Names ${name} of ${change.tool}: ${change.message}` },
    locations: [place(path, line)],
  }));
  const all = [...results, ...prompts];
  const rules = [...new Set(all.map(({ ruleId }) => ruleId))].toSorted().map((id) => ({ id }));
  const driver = { name: "callgate contract", rules };
  const schema = "https://json.schemastore.org/sarif-2.1.0.json";
  return JSON.stringify({ $schema: schema, version: "2.1.0", runs: [{ tool: { driver }, results: all }] }, null, 2);
}

function place(uri: string, startLine: number): object {
  return { physicalLocation: { artifactLocation: { uri: uri.replaceAll("\\", "/") }, region: { startLine } } };
}
