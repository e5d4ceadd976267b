import { Client } from "@modelcontextprotocol/client";
import { createMemoryTransport, type Gate } from "callgate";

/**
 * The official client, connected to a gate of this process; without a key it is the gate's local operator. `endpoint` is a domain
 * whose own endpoint it calls.
 */
export async function connectWithin(gate: Gate, key?: string, endpoint?: string): Promise<Client> {
  const client = new Client({ name: "rentals-start", version: "0.1.0" }, { versionNegotiation: { mode: "auto" } });
  const transport = { host: gate.host, ...(key !== undefined && { key }), ...(endpoint !== undefined && { endpoint }) };
  await client.connect(createMemoryTransport(transport));
  return client;
}

/** Calls a tool and gives its structured result; an error result is thrown with its words. */
export async function call<Result>(client: Client, name: string, args: Record<string, unknown>): Promise<Result> {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: args });
  if (isError !== true) return structuredContent as Result;
  throw new Error(`${name}: ${content.map((block) => (block.type === "text" ? block.text : "")).join(" ")}`);
}
