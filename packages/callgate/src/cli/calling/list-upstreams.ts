import type { Client } from "@modelcontextprotocol/client";
import type { UpstreamInfo } from "../../operations/upstream-schemas.ts";
import { listTools } from "./list-tools.ts";

/** The servers behind the gate; none for callers who are not to know. */
export async function listUpstreams(client: Client): Promise<readonly UpstreamInfo[]> {
  if (!(await listTools(client)).some(({ name }) => name === "list_upstreams")) return [];
  const { isError, structuredContent } = await client.callTool({ name: "list_upstreams", arguments: {} });
  // The tool's output schema is checked by the client against what the gate advertises.
  return isError === true ? [] : (structuredContent as { upstreams: UpstreamInfo[] }).upstreams;
}
