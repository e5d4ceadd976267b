import type { GateConfig } from "callgate";
import type { DemoKeys } from "./demo-keys.ts";

interface Said {
  readonly config: GateConfig;
  readonly url: string;
  readonly keys: DemoKeys;
  /** Where the keys are. */
  readonly file: string;
  /** The database that the replicas of one business share, where it has several. */
  readonly sharedBy: string | undefined;
}

const CALL = { property_id: "prop_0001", start: "2027-01-01", end: "2027-03-01" };

/** What is served, and three ways to call it that work as they stand. */
export function whatToPaste({ config, url, keys, file, sharedBy }: Said): string {
  const tools = config.domains.map(({ name, tools }) => `${name} (${tools.map((tool) => tool.name).join(", ")})`);
  return [
    `${config.name} is served at ${url}/mcp: ${tools.join("; ")}`,
    ...(sharedBy === undefined ? [] : [oneOfMany(sharedBy)]),
    `Its keys are in ${file}: ${Object.keys(keys).join(", ")}. Ctrl-C ends it.`,
    "",
    "Call a tool with curl:",
    curlCall(url, keys.frontdesk),
    "",
    "With the CLI:",
    `npx callgate call find_bookings ${Object.entries(CALL)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ")} --url ${url} --key ${keys.frontdesk}`,
    "",
    "From Claude Code:",
    `claude mcp add --transport http ${config.name} ${url}/mcp --header "Authorization: Bearer ${keys.frontdesk}"`,
    "",
  ].join("\n");
}

function oneOfMany(database: string): string {
  return (
    `It is one replica of the business in ${database}: what is written through one is seen and replayed by all. ` +
    "Start another: PORT=7401 DATABASE_URL=… npm start"
  );
}

/** Every line of the request that MCP 2026-07-28 asks for. */
function curlCall(url: string, key: string): string {
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: "find_bookings",
      arguments: CALL,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "curl", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  };
  return [
    `curl -sS ${url}/mcp \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    "  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\",
    "  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: find_bookings' \\",
    `  -d '${JSON.stringify(message)}'`,
  ].join("\n");
}
