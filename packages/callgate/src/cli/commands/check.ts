import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import type { Command } from "commander";
import { type CheckReport, countOf, countWords } from "../../check/check-report.ts";
import type { SourceFolders } from "../../check/source-places.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { findConfig } from "../connection/find-config.ts";
import { loadConfig } from "../connection/load-config.ts";
import { type ExitReason, exitCodes } from "../exit-codes.ts";
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
    .option("--fix", "take hidden letters out of the sources where nothing has to be decided, then check")
    .option("--notes", "show notes too")
    .option("--deny-warnings", "fail where there are warnings too")
    .option("--json", "print JSON, one value, for programs")
    .option("--sarif", "print SARIF 2.1.0")
    .option("--debug", "show where a failure comes from")
    .action(async (options: CheckOptions) => end(await check(options, terminal)));
  withExamples(command, [
    "callgate check",
    "callgate check --deny-warnings --plans",
    "callgate check --fix",
    "callgate check --sarif > check.sarif",
  ]);
}

async function check(options: CheckOptions, terminal: Terminal): Promise<ExitReason> {
  const { folder } = terminal;
  const path = findConfig(folder, options.config);
  if (path === undefined)
    throw new CliError("cannotStart", "This folder has no callgate.config.ts.", { next: "Name one with --config." });
  const config = await loadConfig(path);
  refuseUnaccepted(config);
  // What judges is loaded by this command alone.
  const { checkGate } = await import("../../check/check-gate.ts");
  const sources = { root: dirname(path), from: folder };
  const isMended = options.fix === true && (await mend(await checkGate(config, { plans: false }), sources, terminal));
  if (isMended) return checkAgain(terminal);
  const report = await checkGate(config, { plans: options.plans === true });
  await tell(report, { path, sources, options, terminal });
  const failing = countOf(report, "error") + (options.denyWarnings === true ? countOf(report, "warning") : 0);
  return failing > 0 ? "failed" : "ok";
}

/** True where a source was changed. */
async function mend({ findings }: CheckReport, sources: SourceFolders, terminal: Terminal): Promise<boolean> {
  const { mendSources } = await import("../../check/mends/mend-sources.ts");
  const mended = mendSources(findings, sources);
  for (const { finding, source } of mended)
    terminal.say(`mended ${source.path}:${source.line}: ${finding.message}  [${finding.rule}]`);
  if (mended.length === 0) terminal.say("Nothing is left that could be mended without a decision of yours.");
  return mended.length > 0;
}

/** What was loaded here is what stood there before: a process of its own says what is so now. */
function checkAgain({ folder }: Terminal): ExitReason {
  const args = process.argv.slice(1).filter((arg) => arg !== "--fix");
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...args], { cwd: folder, stdio: "inherit" });
  const reasons = Object.keys(exitCodes) as ExitReason[];
  return reasons.find((reason) => exitCodes[reason][0] === status) ?? "failed";
}

interface Telling {
  readonly path: string;
  readonly sources: SourceFolders;
  readonly options: CheckOptions;
  readonly terminal: Terminal;
}

async function tell(report: CheckReport, { path, sources, options, terminal }: Telling): Promise<void> {
  const { SourcePlaces } = await import("../../check/source-places.ts");
  const places = new SourcePlaces(path, sources);
  if (options.json === true)
    terminal.data((await import("../../check/reports/json-report.ts")).jsonReport(report, places));
  else if (options.sarif === true)
    terminal.data((await import("../../check/reports/sarif-report.ts")).sarifReport(report, places));
  else {
    const { textReport } = await import("../../check/reports/text-report.ts");
    terminal.data(
      `${listTable(report)}\n\n${textReport(report, places, options.notes === true ? "shown" : "counted")}`,
    );
    return;
  }
  terminal.say(`${report.gate}: ${countWords(report)}.`);
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
