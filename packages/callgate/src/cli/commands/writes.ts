import { type Command, Option } from "commander";
import { type WriteInfo, writeStates } from "../../operations/write-schemas.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { shortText, shortTime, toTable } from "../printing/table.ts";
import { callOperation } from "./operations-call.ts";
import { wholeNumber } from "./whole-number.ts";

export function addWritesCommands(program: Command, context: CommandContext): void {
  const writes = program
    .command("writes")
    .description("see what became of writes, and settle those that nobody knows of");
  addList(writes, context);
  addResolve(writes, context);
}

interface ListOptions extends GateSelection {
  readonly subject?: string;
  readonly tool?: string;
  readonly state?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

function addList(writes: Command, context: CommandContext): void {
  const command = writes
    .command("list")
    .description("list writes, newest first")
    .option("--subject <id>", "whose, e.g. person:anna")
    .option("--tool <name>", "of which tool")
    .addOption(new Option("--state <state>", "where they stand").choices(writeStates))
    .option("--limit <rows>", "rows at most; 20 unless given", wholeNumber)
    .option("--cursor <cursor>", "goes on where a page ended")
    .action((options: ListOptions) => list(options, context));
  withExamples(withGateOptions(command), [
    "callgate writes list --state unknown",
    "callgate writes list --tool create_booking --json",
  ]);
}

async function list(
  { subject, tool, state, limit, cursor, ...selection }: ListOptions,
  context: CommandContext,
): Promise<void> {
  const call = { tool: "list_writes", arguments: { subject, tool, state, limit, cursor } };
  const page = await callOperation<{ writes: WriteInfo[]; next_cursor?: string }>(call, selection, context);
  if (page === undefined) return;
  const { terminal } = context;
  if (selection.json === true) return terminal.data(JSON.stringify(page));
  const rows = page.writes.map((write) => [
    shortTime(write.created_at),
    write.write_id,
    write.tool,
    write.subject,
    write.state,
    String(write.attempt),
    write.settled_by ?? write.code ?? "",
    shortText(write.note, 40),
  ]);
  terminal.data(toTable(["created", "write", "tool", "subject", "state", "attempt", "by or code", "note"], rows));
  if (page.next_cursor !== undefined) terminal.say(`There is more: --cursor ${page.next_cursor}`);
}

interface ResolveOptions extends GateSelection {
  readonly happened?: boolean;
  readonly didNotHappen?: boolean;
  readonly note: string;
  readonly yes?: boolean;
}

function addResolve(writes: Command, context: CommandContext): void {
  const command = writes
    .command("resolve <write-id>")
    .description("settle a write whose outcome is unknown, after looking at its effect")
    .option("--happened", "it took place")
    .option("--did-not-happen", "it did not")
    .requiredOption("--note <words>", "how you found out")
    .option("-y, --yes", "do not ask")
    .action((id: string, options: ResolveOptions) => resolve(id, options, context));
  withExamples(withGateOptions(command), [
    'callgate writes resolve write_0123456789abcdef --happened --note "booking 4711 is in the books"',
  ]);
}

async function resolve(id: string, options: ResolveOptions, context: CommandContext): Promise<void> {
  const { happened, didNotHappen, note, yes, ...selection } = options;
  if ((happened === true) === (didNotHappen === true)) {
    throw new CliError("usage", "Say what became of it.", { next: "Give either --happened or --did-not-happen." });
  }
  const call = {
    tool: "resolve_write",
    arguments: { write_id: id, outcome: happened === true ? "happened" : "did_not_happen", note },
    ...(yes !== true && { confirm: "preview" as const }),
  };
  const write = await callOperation<WriteInfo>(call, selection, context);
  if (write === undefined) return;
  if (selection.json === true) return context.terminal.data(JSON.stringify(write));
  context.terminal.say(`${write.write_id} is ${write.state}, settled by ${write.settled_by ?? "you"}.`);
}
