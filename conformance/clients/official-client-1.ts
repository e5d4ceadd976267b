import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { type ClientUnderTest, toOutcome } from "./client-under-test.ts";
import type { HttpPlace, StdioPlace } from "./start-rentals.ts";

/** The official TypeScript client, 1.32: what most applications have. */
export function connectOverHttp({ url, key }: HttpPlace): Promise<ClientUnderTest> {
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  return connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
}

export function connectOverStdio(place: StdioPlace): Promise<ClientUnderTest> {
  return connect(new StdioClientTransport({ ...place, args: [...place.args], stderr: "ignore" }));
}

async function connect(transport: Transport): Promise<ClientUnderTest> {
  const client = new Client({ name: "official", version: "1.32.2" });
  let revision: string | undefined;
  const { setProtocolVersion } = transport;
  transport.setProtocolVersion = (version) => {
    revision = version;
    setProtocolVersion?.call(transport, version);
  };
  await client.connect(transport);
  return {
    revision,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => toOutcome((await client.callTool({ name, arguments: args })) as CallToolResult),
    close: () => client.close(),
  };
}
