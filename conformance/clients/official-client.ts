import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { type ClientUnderTest, toOutcome } from "./client-under-test.ts";
import type { HttpPlace, StdioPlace } from "./start-rentals.ts";

/** `auto` finds the newest revision that both sides speak; `legacy` begins with initialize, as before 2026. */
export type Negotiation = "auto" | "legacy";

/** The official TypeScript client, 2.4. */
export function connectOverHttp({ url, key }: HttpPlace, mode: Negotiation): Promise<ClientUnderTest> {
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  return connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }), mode);
}

export function connectOverStdio(place: StdioPlace, mode: Negotiation): Promise<ClientUnderTest> {
  return connect(new StdioClientTransport({ ...place, args: [...place.args], stderr: "ignore" }), mode);
}

async function connect(transport: Transport, mode: Negotiation): Promise<ClientUnderTest> {
  const client = new Client({ name: "official", version: "2.4.0" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    revision: client.getNegotiatedProtocolVersion(),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => toOutcome(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}
