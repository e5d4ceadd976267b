import type { Client, Tool } from "@modelcontextprotocol/client";
import { closestTo } from "../../define/closest.ts";
import type { DomainInfo, WriteToolInfo } from "../../operations/domain-schemas.ts";
import { CliError } from "../cli-error.ts";
import { listTools } from "./list-tools.ts";
import { whyUnserved } from "./why-unserved.ts";

/** How far each domain has come; undefined for callers who are not to know. */
export async function listDomains(client: Client): Promise<readonly DomainInfo[] | undefined> {
  const names = (await listTools(client)).map(({ name }) => name);
  if (!names.includes("list_domains")) return undefined;
  const { isError, structuredContent } = await client.callTool({ name: "list_domains", arguments: {} });
  // The tool's output schema is checked by the client against what the gate advertises.
  return isError === true ? undefined : (structuredContent as { domains: DomainInfo[] }).domains;
}

/** The tool of this name, as this caller sees it; a misspelt name is told the nearest one. */
export async function findTool(client: Client, name: string): Promise<Tool> {
  const tools = await listTools(client);
  const tool = tools.find((each) => each.name === name) ?? (await searchingTool(client, name));
  if (tool !== undefined) return tool;
  const off = await findOff(client, name);
  if (off !== undefined)
    throw new CliError("usage", `${name} is off, so nobody sees it: ${off.why ?? off.state}.`, {
      next: off.next === undefined ? undefined : `To switch it on: ${off.next}`,
    });
  const names = tools.map((each) => each.name);
  const unserved = await whyUnserved(client, name);
  if (unserved !== undefined) throw unserved;
  const near = closestTo(name, names);
  throw new CliError("usage", `There is no tool ${name} for this caller.`, {
    next: near === undefined ? "See what there is: callgate tools" : `Did you mean ${near}?`,
  });
}

/** The tools by which models search others are on their list alone. */
async function searchingTool(client: Client, name: string): Promise<Tool | undefined> {
  if (name !== "search_tools" && name !== "call_tool") return undefined;
  // The client remembers the list that was asked for before, whatever it was asked for with.
  return (await client.listTools(undefined, { cacheMode: "bypass" })).tools.find((each) => each.name === name);
}

/** A write tool that nobody has switched on; undefined for callers who are not to know of it. */
async function findOff(client: Client, name: string): Promise<WriteToolInfo | undefined> {
  const domains = await listDomains(client);
  return domains?.flatMap(({ write_tools }) => write_tools).find(({ tool, on }) => tool === name && !on);
}

/** What a tool does, as the gate says it; a server that says nothing is taken to write. */
export function effectOf(tool: Tool): "read" | "write" | "destructive" {
  const effect = tool._meta?.["io.callgate/effect"];
  if (effect === "read" || effect === "write" || effect === "destructive") return effect;
  if (tool.annotations?.readOnlyHint === true) return "read";
  return tool.annotations?.destructiveHint === false ? "write" : "destructive";
}
