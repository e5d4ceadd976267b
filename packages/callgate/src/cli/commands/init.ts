import { mkdirSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { nextWords } from "../init/next-words.ts";
import { packageSource } from "../init/package-source.ts";
import { planProject } from "../init/plan-project.ts";
import { isSystemNodeTooOld } from "../init/system-node.ts";
import { writeProject } from "../init/write-project.ts";

interface InitOptions {
  readonly json?: boolean;
}

export function addInitCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("init [folder]")
    .description("make a small gate of your own here, in a new project or in the one that is here")
    .option("--json", "print the files as JSON")
    .option("--debug", "show where a failure comes from")
    .action((folder: string | undefined, options: InitOptions) => init(folder, options, context));
  withExamples(command, ["callgate init", "callgate init my-gate"]);
}

function init(named: string | undefined, { json }: InitOptions, { terminal }: CommandContext): void {
  const folder = resolve(terminal.folder, named ?? ".");
  makeFolder(folder);
  const source = packageSource();
  const plan = planProject({ folder, source, bringsNode: isSystemNodeTooOld(terminal.environment) });
  writeProject(folder, plan);
  if (json === true) {
    const files = plan.files.map(({ path, change }) => ({ path, change }));
    return terminal.data(JSON.stringify({ folder, callgate: source.specifier, files }));
  }
  const isHere = realpathSync(folder) === realpathSync(terminal.folder);
  terminal.data(nextWords({ plan, source, enter: isHere ? undefined : (named ?? folder) }));
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOTDIR") throw cause;
    throw new CliError("usage", `${folder} is or leads through a file, so no gate can be made there.`, {
      next: "Choose another folder: callgate init my-gate",
      cause,
    });
  }
}
