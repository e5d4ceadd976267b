import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { findBrokenPrompts, type PromptFile } from "../../contract/find-prompts.ts";
import { judge } from "../../contract/judgement.ts";
import { markdownReport } from "../../contract/reports/markdown-report.ts";
import { acceptingWords, countWords, type Findings, outcomeWords } from "../../contract/reports/report.ts";
import { sarifReport } from "../../contract/reports/sarif-report.ts";
import { textReport } from "../../contract/reports/text-report.ts";
import { parseSnapshot, printSnapshot, SNAPSHOT_FILE, SnapshotError } from "../../contract/snapshot-file.ts";
import type { Snapshot } from "../../contract/tool-contract.ts";
import { snapshotOf } from "../../gate/served/snapshot-of.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { findConfig } from "../connection/find-config.ts";
import { loadConfig } from "../connection/load-config.ts";
import type { Terminal } from "../terminal.ts";
import { acceptUpstream } from "../upstreams/accept-upstream.ts";
import { refuseUnaccepted } from "../upstreams/refuse-unaccepted.ts";

/** What prompts and templates of prompts are written in. */
const PROMPTS = "**/*.{md,markdown,mdx,txt,prompt,prompty,j2,jinja,jinja2,hbs,mustache,yaml,yml}";

interface ContractOptions {
  readonly config?: string;
  readonly debug?: boolean;
  readonly file?: string;
}

interface CompareOptions extends ContractOptions {
  readonly prompts?: string;
  readonly allow?: readonly string[];
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly markdown?: boolean;
}

export function addContractCommands(program: Command, { terminal, end }: CommandContext): void {
  const contract = program
    .command("contract")
    .description("hold the tools of this folder's gate to the contracts that were committed");
  withExamples(contract, [
    "callgate contract snapshot",
    "callgate contract check --prompts prompts",
    "callgate contract check --markdown > contract.md",
    "callgate contract accept",
  ]);
  const add = (name: string, description: string): Command =>
    contract
      .command(name)
      .description(description)
      .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
      .option("--file <file>", `the committed contracts; ${SNAPSHOT_FILE} beside the config unless given`)
      .option("--debug", "show where a failure comes from");
  const addCompare = (name: string, description: string): Command =>
    add(name, description)
      .option("--prompts <folder>", "the folder of prompts in which to look for what a change breaks")
      .option("--allow <rules...>", "rules whose breaking changes may pass, e.g. output.added")
      .option("--strict", "count arguments that the old input neither named nor refused")
      .option("--json", "print JSON, one value, for programs")
      .option("--sarif", "print SARIF 2.1.0")
      .option("--markdown", "print Markdown, for a pull request");

  add("snapshot", "write the contracts of all tools, to be committed").action(async (options: ContractOptions) =>
    snapshot(options, terminal),
  );
  addCompare("check", "fail where a change breaks callers and has no new version")
    .option("--frozen", "fail also where the committed contracts do not say what is there now")
    .action(async (options: CompareOptions & { readonly frozen?: boolean }) => {
      const findings = await compare(options, terminal);
      if (findings.broken.length > 0) end("broken");
      else if (options.frozen === true && !findings.isCurrent) end("failed");
    });
  addCompare("diff", "show every change since the contracts were committed").action(async (options: CompareOptions) => {
    await compare(options, terminal);
  });
  const accepting = add("accept", "show every change, and write the contracts of now in place of the committed ones");
  addAccept(accepting, { terminal, end });
}

function addAccept(command: Command, { terminal, end }: CommandContext): void {
  command
    .option("-y, --yes", "do not ask")
    .option("--upstream <name>", "what that server offers now, in place of what was accepted of it")
    .action(
      async ({ upstream, ...options }: ContractOptions & { readonly yes?: boolean; readonly upstream?: string }) => {
        const { yes = false, debug = false, config } = options;
        const isDone =
          upstream === undefined
            ? await accept(options, terminal)
            : await acceptUpstream({ upstream, names: [], all: false, yes, debug, config }, terminal);
        if (!isDone) end("declined");
      },
    );
}

/** The contracts of now, and where those of before are. */
interface Place {
  readonly now: Snapshot;
  readonly path: string;
  readonly name: string;
}

async function find({ config: named, file }: ContractOptions, { folder }: Terminal): Promise<Place> {
  const found = findConfig(folder, named);
  if (found === undefined)
    throw new CliError("cannotStart", "This folder has no callgate.config.ts.", { next: "Name one with --config." });
  const path = file === undefined ? join(dirname(found), SNAPSHOT_FILE) : resolve(folder, file);
  const config = await loadConfig(found);
  refuseUnaccepted(config);
  return { now: snapshotOf(config), path, name: relative(folder, path) };
}

function committed({ path, name }: Place): Snapshot {
  if (!existsSync(path))
    throw new CliError("failed", `There is no ${name}.`, { next: "callgate contract snapshot, and commit it." });
  if (statSync(path).isDirectory())
    throw new CliError("usage", `${name} is a folder.`, { next: `Name the file in it: ${join(name, SNAPSHOT_FILE)}` });
  try {
    return parseSnapshot(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    const next = "Take it from git, or make it anew: delete it, then callgate contract snapshot";
    throw new CliError("failed", `${name} cannot be read: ${error.message}.`, { next, cause: error });
  }
}

/** The contracts of now as they would be read back: an author's schema may hold more than JSON does. */
function asCommitted(snapshot: Snapshot): Snapshot {
  return parseSnapshot(printSnapshot(snapshot));
}

async function snapshot(options: ContractOptions, terminal: Terminal): Promise<void> {
  const place = await find(options, terminal);
  if (existsSync(place.path))
    throw new CliError("usage", `${place.name} is there already.`, {
      next: "callgate contract diff shows what is different now; callgate contract accept writes it.",
    });
  writeFileSync(place.path, printSnapshot(place.now));
  terminal.say(`${place.name} holds the contracts of ${place.now.tools.length} tools. Commit it.`);
}

async function compare(options: CompareOptions, terminal: Terminal): Promise<Findings> {
  const place = await find(options, terminal);
  const undeclared = options.strict === true ? "counted" : "ignored";
  const [before, now] = [committed(place), asCommitted(place.now)];
  const judgement = judge(before, now, { undeclared, allowed: options.allow ?? [] });
  const files = options.prompts === undefined ? [] : readPrompts(options.prompts, terminal);
  const prompts = findBrokenPrompts(files, judgement.broken, [before, now]);
  const findings = { ...judgement, file: place.name, prompts };
  report(findings, options, { terminal, text: readFileSync(place.path, "utf8") });
  return findings;
}

function report(
  findings: Findings,
  { json, sarif, markdown }: CompareOptions,
  { terminal, text }: { readonly terminal: Terminal; readonly text: string },
): void {
  if (json === true) {
    const { changes, broken, prompts, isCurrent } = findings;
    terminal.data(JSON.stringify({ file: findings.file, current: isCurrent, broken: broken.length, changes, prompts }));
  } else if (sarif === true) terminal.data(sarifReport(findings, (tool) => lineOf(tool, text)));
  else if (markdown === true) terminal.data(markdownReport(findings));
  else return terminal.data(textReport(findings));
  terminal.say(`${findings.file}: ${countWords(findings.changes)}. ${outcomeWords(findings)}`);
}

/** Where a tool's block begins in the committed file; its first line where it is not there yet. */
function lineOf(tool: string, text: string): number {
  return Math.max(1, text.split("\n").indexOf(`      "name": ${JSON.stringify(tool)},`) + 1);
}

function readPrompts(named: string, { folder }: Terminal): readonly PromptFile[] {
  const root = resolve(folder, named);
  if (!existsSync(root)) throw new CliError("usage", `There is no folder ${named}.`);
  const paths = globSync(PROMPTS, { cwd: root, exclude: (name) => name === "node_modules" });
  return paths.toSorted().map((path) => ({
    path: relative(folder, join(root, path)),
    text: readFileSync(join(root, path), "utf8"),
  }));
}

async function accept(options: ContractOptions & { readonly yes?: boolean }, terminal: Terminal): Promise<boolean> {
  const place = await find(options, terminal);
  const judgement = judge(committed(place), asCommitted(place.now), { undeclared: "ignored", allowed: [] });
  terminal.data(textReport({ ...judgement, file: place.name, prompts: [] }, acceptingWords(judgement)));
  if (judgement.isCurrent) return true;
  if (options.yes !== true) {
    if (!terminal.canAsk)
      throw new CliError("usage", "There is no terminal to ask at.", { next: "Look at the changes, then use --yes." });
    if (!(await terminal.ask(`Write them to ${place.name}?`))) return false;
  }
  writeFileSync(place.path, printSnapshot(place.now));
  terminal.say(`${place.name} is written. Commit it.`);
  return true;
}
