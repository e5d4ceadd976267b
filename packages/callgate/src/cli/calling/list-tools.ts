import type { Client, Tool } from "@modelcontextprotocol/client";

/** All tools that this caller sees, also where models search them. */
export async function listTools(client: Client): Promise<readonly Tool[]> {
  return (await client.listTools({ _meta: { "io.callgate/catalogue": "list" } })).tools;
}
