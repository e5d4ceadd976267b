import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { CommandContext } from "./command.ts";
import { addApprovalsCommands } from "./commands/approvals.ts";
import { addAuditCommands } from "./commands/audit.ts";
import { addCallCommand } from "./commands/call.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addContractCommands } from "./commands/contract.ts";
import { addGraduateCommands } from "./commands/graduate.ts";
import { addInitCommand } from "./commands/init.ts";
import { addKeyringCommands } from "./commands/keyring.ts";
import { addKeysCommands } from "./commands/keys.ts";
import { addOpenApiCommands } from "./commands/openapi.ts";
import { addSmokeCommand } from "./commands/smoke.ts";
import { addStartCommand } from "./commands/start.ts";
import { addStoreCommands } from "./commands/store.ts";
import { addTasksCommands } from "./commands/tasks.ts";
import { addToolsCommand } from "./commands/tools.ts";
import { addUpstreamsCommands } from "./commands/upstreams.ts";
import { addWritesCommands } from "./commands/writes.ts";
import { exitCodeTable } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** Every command of `callgate`. `end` is told how the process ends where a command does not throw. */
export function createProgram(terminal: Terminal, end: CommandContext["end"]): Command {
  const program = new Command("callgate");
  program
    .description("The production gate for MCP tools: start one, call its tools, look after it.")
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.data(text), writeErr: (text) => terminal.say(text) })
    .showHelpAfterError("Run the command with --help to see what it takes.")
    .addHelpText("after", footer);
  const context: CommandContext = { terminal, end };
  addInitCommand(program, context);
  addStartCommand(program, context);
  addToolsCommand(program, context);
  addCallCommand(program, context);
  addKeysCommands(program, context);
  addKeyringCommands(program, context);
  addSmokeCommand(program, context);
  addGraduateCommands(program, context);
  addStoreCommands(program, context);
  addCheckCommand(program, context);
  addContractCommands(program, context);
  addOpenApiCommands(program, context);
  addUpstreamsCommands(program, context);
  addAuditCommands(program, context);
  addWritesCommands(program, context);
  addApprovalsCommands(program, context);
  addTasksCommands(program, context);
  program
    .command("exit-codes")
    .description("what each exit code means")
    .addHelpText("after", `\n${exitCodeTable()}`)
    .action(() => terminal.data(exitCodeTable()));
  return program;
}

const footer = `
Commands that talk to a gate find it by --url or CALLGATE_URL, else by callgate.config.ts in this folder: then the gate runs
within the command, and you are its operator. Data goes to stdout, words to stderr.
`;
