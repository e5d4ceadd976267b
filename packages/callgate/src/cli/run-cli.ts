import { CommanderError } from "commander";
import { type ExitReason, exitCodes } from "./exit-codes.ts";
import { explainFailure } from "./explain-failure.ts";
import { createProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** Runs one command line and gives the exit code. Whatever goes wrong ends as words on stderr; a stack only with `--debug`. */
export async function runCli(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let reason: ExitReason = "ok";
  const program = createProgram(terminal, (ended) => {
    reason = ended;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes[reason][0];
  } catch (error) {
    // Commander has said on stderr what is wrong, with the nearest name that would have been right.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok[0] : exitCodes.usage[0];
    const explained = explainFailure(error);
    terminal.say(explained.message);
    if (explained.next !== undefined) terminal.say(explained.next);
    if (wantsDebug(args, terminal)) terminal.say(stackOf(error));
    return exitCodes[explained.reason][0];
  }
}

function wantsDebug(args: readonly string[], { environment }: Terminal): boolean {
  return args.includes("--debug") || environment["CALLGATE_LOG"] === "debug";
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
