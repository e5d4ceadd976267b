import { dirname } from "node:path";
import type { Command } from "commander";
import { type CheckReport, countOf, countWords } from "../../check/check-report.ts";
import type { SourceFolders } from "../../check/source-places.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { findConfig } from "../connection/find-config.ts";
import { loadConfig } from "../connection/load-config.ts";
import { toTable } from "../printing/table.ts";
import type { Terminal } from "../terminal.ts";
import { refuseUnaccepted } from "../upstreams/refuse-unaccepted.ts";

interface CheckOptions {
  readonly config?: string;
  readonly plans?: boolean;
  readonly fix?: boolean;
  readonly notes?: boolean;
  readonly denyWarnings?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

export function addCheckCommand(program: Command, { terminal, end }: CommandContext): void {
  const command = program
    .command("check")
    .description("judge the tools of this folder's gate by what agents need of them, and what their lists cost")
    .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
    .option("--plans", "start the backends, and plan each example of each write twice")
    .option("--fix", "mend in the sources what needs no decision: hidden letters, and what is allowed for nothing")
    .option("--notes", "show notes too")
    .option("--deny-warnings", "fail where there are warnings too")
    .option("--json", "print JSON, one value, for programs")
    .option("--sarif", "print SARIF 2.1.0")
    .option("--debug", "show where a failure comes from")
    .action(async (options: CheckOptions) => {
      const report = await check(options, terminal);
      const failing = countOf(report, "error") + (options.denyWarnings === true ? countOf(report, "warning") : 0);
      if (failing > 0) end("failed");
    });
  withExamples(command, [
    "callgate check",
    "callgate check --deny-warnings --plans",
    "callgate check --fix",
    "callgate check --sarif > check.sarif",
  ]);
}

async function check(
  { config: named, plans, fix, notes, json, sarif }: CheckOptions,
  terminal: Terminal,
): Promise<CheckReport> {
  const { folder } = terminal;
  const path = findConfig(folder, named);
  if (path === undefined)
    throw new CliError("cannotStart", "This folder has no callgate.config.ts.", { next: "Name one with --config." });
  const config = await loadConfig(path);
  refuseUnaccepted(config);
  // What judges is loaded by this command alone.
  const { checkGate } = await import("../../check/check-gate.ts");
  const { SourcePlaces } = await import("../../check/source-places.ts");
  const sources = { root: dirname(path), from: folder };
  const found = await checkGate(config, { plans: plans === true });
  const report = fix === true ? await mend(found, sources, terminal) : found;
  const places = new SourcePlaces(path, sources);
  if (json === true) terminal.data((await import("../../check/reports/json-report.ts")).jsonReport(report, places));
  else if (sarif === true)
    terminal.data((await import("../../check/reports/sarif-report.ts")).sarifReport(report, places));
  else {
    const { textReport } = await import("../../check/reports/text-report.ts");
    terminal.data(`${listTable(report)}\n\n${textReport(report, places, notes === true ? "shown" : "counted")}`);
    return report;
  }
  terminal.say(`${report.gate}: ${countWords(report)}.`);
  return report;
}

/** What is left to say once the sources are mended as far as that can be done. */
async function mend(report: CheckReport, sources: SourceFolders, terminal: Terminal): Promise<CheckReport> {
  const { mendSources } = await import("../../check/mends/mend-sources.ts");
  const mended = mendSources(report.findings, sources);
  for (const { finding, source } of mended)
    terminal.say(`mended ${source.path}:${source.line}: ${finding.message}  [${finding.rule}]`);
  if (mended.length === 0) terminal.say("Nothing is left that could be mended without a decision of yours.");
  const isMended = new Set(mended.map(({ finding }) => finding));
  return { ...report, findings: report.findings.filter((finding) => !isMended.has(finding)) };
}

/** What each caller's list costs. */
function listTable({ lists, budget }: CheckReport): string {
  const number = (value: number): string => value.toLocaleString("en");
  const rows = lists.map(({ caller, is, tools, callable, bytes, tokens, shownTokens }) => [
    caller,
    callable > tools.length ? `${tools.length} of ${callable}` : String(tools.length),
    number(bytes),
    `${number(tokens)}${is === "declared" && tokens > budget ? " !" : ""}`,
    number(shownTokens),
    tools[0] === undefined ? "" : `${tools[0].name} ${number(tools[0].tokens)}`,
  ]);
  return toTable(["list of", "tools", "bytes", "tokens", "without outputs", "dearest"], rows);
}
