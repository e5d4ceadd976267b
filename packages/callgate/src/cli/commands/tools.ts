import type { Tool } from "@modelcontextprotocol/client";
import type { Command } from "commander";
import { estimateTokens } from "../../audit/tokens.ts";
import { effectOf, listDomains } from "../calling/find-tool.ts";
import { listTools } from "../calling/list-tools.ts";
import { listUpstreams } from "../calling/list-upstreams.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { offWords } from "../printing/off-words.ts";
import { shortText, toTable } from "../printing/table.ts";
import { sayTrouble } from "../upstreams/upstream-trouble.ts";

interface ToolsOptions extends GateSelection {
  readonly as?: string;
  readonly domain?: string;
}

export function addToolsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("tools")
    .description("list the tools that a caller sees, and what their list costs a model in tokens")
    .option("--as <key>", "what the holder of this key sees")
    .option("--domain <name>", "only this domain's tools")
    .action((options: ToolsOptions) => tools(options, context));
  withExamples(withGateOptions(command), [
    "callgate tools",
    "callgate tools --as cg_p_… --domain bookings",
    "callgate tools --json",
  ]);
}

/** A tool as this command shows it. */
interface Shown {
  readonly name: string;
  readonly domain: string;
  readonly effect: string;
  readonly tokens: number;
  readonly description: string;
}

async function tools({ as, domain, ...selection }: ToolsOptions, { terminal }: CommandContext): Promise<void> {
  const caller = as === undefined ? selection : { ...selection, key: as };
  const looked = await withConnection({ ...caller, needs: "everything" }, terminal, async (client) => ({
    listed: await listTools(client),
    domains: await listDomains(client),
    upstreams: await listUpstreams(client),
  }));
  const { listed } = looked;
  const off = offWords(looked.domains?.filter((each) => domain === undefined || each.domain === domain) ?? []);
  const shown = listed.map(toShown).filter((tool) => domain === undefined || tool.domain === domain);
  if (off !== undefined) terminal.say(off);
  sayTrouble(looked.upstreams, terminal);
  if (selection.json === true) return terminal.data(JSON.stringify(shown));
  const rows = shown.map(({ name, domain, effect, tokens, description }) => [
    name,
    domain,
    effect,
    String(tokens),
    shortText(description, 80),
  ]);
  terminal.data(toTable(["tool", "domain", "effect", "tokens", "description"], rows));
  const total = shown.reduce((sum, { tokens }) => sum + tokens, 0);
  terminal.say(`${shown.length} tools, about ${total} tokens in a model's context.`);
}

function toShown(tool: Tool): Shown {
  const domain = tool._meta?.["io.callgate/domain"];
  const seenByModel = { name: tool.name, description: tool.description, input_schema: tool.inputSchema };
  return {
    name: tool.name,
    domain: typeof domain === "string" ? domain : "",
    effect: effectOf(tool),
    tokens: estimateTokens(JSON.stringify(seenByModel).length),
    description: tool.description ?? "",
  };
}
