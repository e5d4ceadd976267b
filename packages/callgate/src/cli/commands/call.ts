import type { Client, Tool } from "@modelcontextprotocol/client";
import type { Command } from "commander";
import { estimateTokens } from "../../audit/tokens.ts";
import { type Answered, callTool } from "../calling/call-tool.ts";
import { callWrite } from "../calling/call-write.ts";
import { confirmWrite } from "../calling/confirm-write.ts";
import { explainDown } from "../calling/explain-down.ts";
import { effectOf, findTool } from "../calling/find-tool.ts";
import { readArguments } from "../calling/read-arguments.ts";
import { type CommandContext, type GateSelection, withExamples, withGateAddress } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { printedJson } from "../printing/print-json.ts";

interface CallOptions extends Omit<GateSelection, "json"> {
  /** True: print compact JSON. A text: the arguments, which asks for the same. */
  readonly json?: boolean | string;
  readonly input?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly idempotencyKey?: string;
  readonly reason?: string;
}

export function addCallCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("call <tool> [arguments...]")
    .description("call a tool; a write is shown first and asked about")
    .option("--json [object]", "print compact JSON; with a JSON object: the arguments")
    .option("--input <file>", "a file with the arguments as a JSON object; - is stdin")
    .option("--dry-run", "of a write: show what it would do, and do nothing")
    .option("-y, --yes", "of a write: do not ask")
    .option("--idempotency-key <key>", "of a write: the same key never does it twice")
    .option("--reason <words>", "why you call, for the audit")
    .action((tool: string, words: string[], options: CallOptions) => call(tool, { words, options }, context));
  withExamples(withGateAddress(command), [
    "callgate call find_bookings property_id=prop_0001 start=2027-01-01 end=2027-03-01",
    "callgate call find_bookings property_id=prop_0001 start=2027-01-01 end=2027-03-01 include=guests,payments",
    "callgate call create_booking --dry-run --input booking.json",
    `callgate call cancel_booking --yes --json '{"booking_id": "book_000123", "cancellation_reason": "ill"}'`,
  ]);
}

interface Given {
  readonly words: readonly string[];
  readonly options: CallOptions;
}

async function call(name: string, given: Given, { terminal, end }: CommandContext): Promise<void> {
  const { json, ...selection } = given.options;
  const answered = await withConnection({ ...selection, needs: "everything" }, terminal, (client) =>
    callWith(client, name, { given, terminal }),
  );
  if (answered === undefined) {
    terminal.say("Nothing was done.");
    end("declined");
    return;
  }
  for (const note of answered.notes) terminal.say(note);
  const { value } = answered;
  const tokens = estimateTokens(JSON.stringify(value).length);
  terminal.say(`About ${tokens} tokens in a model's context.`);
  if (json !== undefined) terminal.data(JSON.stringify(value));
  else terminal.data(typeof value === "string" ? value : printedJson(value));
}

async function callWith(
  client: Client,
  name: string,
  { given, terminal }: { given: Given; terminal: CommandContext["terminal"] },
): Promise<Answered | undefined> {
  const tool = await findTool(client, name);
  try {
    return await callFound(client, tool, { given, terminal });
  } catch (error) {
    throw await explainDown(client, tool, error);
  }
}

async function callFound(
  client: Client,
  tool: Tool,
  { given, terminal }: { given: Given; terminal: CommandContext["terminal"] },
): Promise<Answered | undefined> {
  const { name } = tool;
  const { options } = given;
  const args = await readArguments(tool, argumentSources(given), terminal);
  if (options.reason !== undefined) args["reason"] = options.reason;
  if (effectOf(tool) === "read") return callTool(client, { name, arguments: args }, terminal);
  if (options.idempotencyKey !== undefined) args["idempotency_key"] = options.idempotencyKey;
  if (options.dryRun === true) return callTool(client, { name, arguments: { ...args, dry_run: true } }, terminal);
  if (options.yes === true || args["dry_run"] === true) return callWrite(client, { name, arguments: args }, terminal);
  return confirmWrite(client, { name, arguments: args, hasDryRun: true }, terminal);
}

/** `--json` takes an optional word: one that is not JSON belongs to the arguments behind it. */
function argumentSources({ words, options: { json, input } }: Given): Parameters<typeof readArguments>[1] {
  if (typeof json !== "string") return { words, input };
  return /^\s*[{[]/.test(json) ? { words, input, arguments: json } : { words: [json, ...words], input };
}
