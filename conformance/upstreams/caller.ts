import { Client } from "@modelcontextprotocol/client";
import { createMemoryTransport, type Gate } from "callgate";

/** How a call ended: with its value, or with the gate's error. */
export type End =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly code: string; readonly text: string };

/** Connects the official client to a gate in this process. */
export async function connectTo(gate: Gate): Promise<Client> {
  const client = new Client({ name: "upstreams", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(createMemoryTransport({ host: gate.host }));
  return client;
}

export async function callTool(client: Client, name: string): Promise<End> {
  const { content, isError, structuredContent, _meta } = await client.callTool({ name, arguments: {} });
  if (isError !== true) return { kind: "value", value: structuredContent };
  const error = _meta?.["io.callgate/error"] as { readonly code?: string } | undefined;
  return { kind: "error", code: error?.code ?? "none", text: JSON.stringify(content) };
}
