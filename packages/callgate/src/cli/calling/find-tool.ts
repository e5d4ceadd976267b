import type { Client, Tool } from "@modelcontextprotocol/client";
import { closestTo } from "../../define/closest.ts";
import { CliError } from "../cli-error.ts";

/** All tools that this caller sees, also where models search them. */
export async function listTools(client: Client): Promise<readonly Tool[]> {
  return (await client.listTools({ _meta: { "io.callgate/catalogue": "list" } })).tools;
}

/** The tool of this name, as this caller sees it; a misspelt name is told the nearest one. */
export async function findTool(client: Client, name: string): Promise<Tool> {
  const tools = await listTools(client);
  const tool = tools.find((each) => each.name === name);
  if (tool !== undefined) return tool;
  const names = tools.map((each) => each.name);
  const near = closestTo(name, names);
  throw new CliError("usage", `There is no tool ${name} for this caller.`, {
    next: near === undefined ? "See what there is: callgate tools" : `Did you mean ${near}?`,
  });
}

/** What a tool does, as the gate says it; a server that says nothing is taken to write. */
export function effectOf(tool: Tool): "read" | "write" | "destructive" {
  const effect = tool._meta?.["io.callgate/effect"];
  if (effect === "read" || effect === "write" || effect === "destructive") return effect;
  if (tool.annotations?.readOnlyHint === true) return "read";
  return tool.annotations?.destructiveHint === false ? "write" : "destructive";
}
