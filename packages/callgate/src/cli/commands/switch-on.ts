import type { Client } from "@modelcontextprotocol/client";
import type { DomainInfo, WriteToolInfo } from "../../operations/domain-schemas.ts";
import { callTool } from "../calling/call-tool.ts";
import { callWrite } from "../calling/call-write.ts";
import { listDomains } from "../calling/find-tool.ts";
import { listTools } from "../calling/list-tools.ts";
import { CliError } from "../cli-error.ts";
import { offWords } from "../printing/off-words.ts";
import type { Terminal } from "../terminal.ts";

interface SwitchingOn {
  readonly domain: string;
  /** `ask`: about each tool. `none`: it is only said which are off. */
  readonly how: "all" | "ask" | "none";
}

/** What a dry run of `graduate_tool` shows. */
interface GraduationPreview {
  readonly preview: {
    readonly effect: string;
    readonly description: string;
    readonly contract: { readonly hash: string; readonly input: { readonly properties?: object } };
  };
  readonly preview_hash: string;
}

/** Switches on what is off of a domain that has just passed; gives what was. */
export async function switchOn(
  client: Client,
  { domain, how }: SwitchingOn,
  terminal: Terminal,
): Promise<readonly WriteToolInfo[]> {
  const state = await stateOf(client, domain);
  const off = state?.write_tools.filter(({ on }) => !on) ?? [];
  if (state === undefined || off.length === 0) return [];
  const names = (await listTools(client)).map(({ name }) => name);
  const may = names.includes("graduate_tool");
  if (how === "all" && !may)
    throw new CliError("refused", "This key may not switch write tools on.", {
      next: "It takes the scope domains:graduate, and a person's or operator's key.",
    });
  if (how === "none" || !may) {
    terminal.say(offWords([state]) ?? "");
    return [];
  }
  const switched: WriteToolInfo[] = [];
  for (const { tool } of off) {
    const done = await switchOneOn(client, { tool, asks: how === "ask" }, terminal);
    if (done !== undefined) switched.push(done);
  }
  return switched;
}

/** Undefined where this caller may not know. */
async function stateOf(client: Client, domain: string): Promise<DomainInfo | undefined> {
  return (await listDomains(client))?.find((each) => each.domain === domain);
}

async function switchOneOn(
  client: Client,
  { tool, asks }: { readonly tool: string; readonly asks: boolean },
  terminal: Terminal,
): Promise<WriteToolInfo | undefined> {
  const looked = await callTool(client, { name: "graduate_tool", arguments: { tool, dry_run: true } }, terminal);
  const { preview, preview_hash } = looked.value as GraduationPreview;
  if (asks) {
    const { effect, description, contract } = preview;
    const takes = Object.keys(contract.input.properties ?? {}).join(", ");
    terminal.say(`${tool} (${effect}): ${description}\n  takes ${takes}; contract ${contract.hash.slice(0, 12)}`);
    if (!(await terminal.ask(`Switch ${tool} on?`))) return undefined;
  }
  const { value } = await callWrite(client, { name: "graduate_tool", arguments: { tool, preview_hash } }, terminal);
  terminal.say(`${tool} is on.`);
  return value as WriteToolInfo;
}
