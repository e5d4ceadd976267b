import type { Command } from "commander";
import type { ExitReason } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** What every command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** How the process ends where nothing is thrown; `ok` unless said otherwise. */
  readonly end: (reason: ExitReason) => void;
}

/** Options that every command that talks to a gate takes. */
export interface GateSelection {
  readonly url?: string;
  readonly key?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Adds the options by which a command finds its gate. */
export function withGateAddress(command: Command): Command {
  return command
    .option("--url <url>", "the gate to call, e.g. http://127.0.0.1:7400 (CALLGATE_URL)")
    .option("--key <key>", "the key to call with (CALLGATE_KEY)")
    .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
    .option("--debug", "show where a failure comes from");
}

/** Adds the options by which a command finds its gate, and says how it answers. */
export function withGateOptions(command: Command): Command {
  return withGateAddress(command).option("--json", "print JSON, one value, for programs");
}

/** Adds examples below a command's help. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}\n`);
}
