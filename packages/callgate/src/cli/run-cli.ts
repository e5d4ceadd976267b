import { CommanderError } from "commander";
import { maskedText } from "../audit/mask.ts";
import { knownSecrets } from "../secrets/known-secrets.ts";
import { CliError, type SaidError } from "./cli-error.ts";
import { type ExitReason, exitCodes } from "./exit-codes.ts";
import { explainFailure } from "./explain-failure.ts";
import { printedJson } from "./printing/print-json.ts";
import { toSeen } from "./printing/visible-text.ts";
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
    sayMasked(explained.message, terminal);
    if (explained.next !== undefined) sayMasked(explained.next, terminal);
    if (error instanceof CliError && error.said !== undefined) saySaid(error.said, args, terminal);
    if (wantsDebug(args, terminal)) sayMasked(stackOf(error), terminal);
    return exitCodes[explained.reason][0];
  }
}

/** A gate's `next` may send to its details. Programs get all of it where they read results. */
function saySaid(said: SaidError, args: readonly string[], terminal: Terminal): void {
  if (args.some((word) => word === "--json" || word.startsWith("--json=")))
    terminal.data(knownSecrets.mask(JSON.stringify({ error: said }), maskedText));
  if (said.details !== undefined) sayMasked(`Details: ${toSeen(printedJson(said.details))}`, terminal);
}

/** Errors are in the words of whoever threw them: a driver may name the password that was wrong. */
function sayMasked(words: string, terminal: Terminal): void {
  terminal.say(knownSecrets.mask(words, maskedText));
}

function wantsDebug(args: readonly string[], { environment }: Terminal): boolean {
  return args.includes("--debug") || environment["CALLGATE_LOG"] === "debug";
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
