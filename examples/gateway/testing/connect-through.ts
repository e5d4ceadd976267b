import { fileURLToPath } from "node:url";
import { type CallToolResult, Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect } from "vitest";

const CALLGATE = fileURLToPath(new URL("../../../packages/callgate/bin/callgate.js", import.meta.url));

/** The revisions that are tried: the newest, and the last one with sessions. */
export const REVISIONS = ["2026-07-28", "2025-11-25"] as const;

export interface Through {
  readonly revision: (typeof REVISIONS)[number];
  /** Where the gate is started, and has its config. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The official client, which can be asked anything, through a gate that it has started. */
export async function connectThrough({ revision, folder, environment }: Through): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    {
      capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
      versionNegotiation: revision === "2026-07-28" ? { mode: "auto" } : { mode: "legacy" },
    },
  );
  client.setRequestHandler("elicitation/create", ({ params }) =>
    params.mode === "url" ? { action: "accept" } : { action: "accept", content: agreed(params) },
  );
  client.setRequestHandler("sampling/createMessage", () => ({
    model: "none",
    role: "assistant",
    content: { type: "text", text: "sampled" },
  }));
  client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///srv", name: "srv" }] }));
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [CALLGATE, "start", "--stdio"],
      cwd: folder,
      env: { ...inherited(), CALLGATE_LOG: "fatal", ...environment },
    }),
  );
  return client;
}

/** Calls a tool that does not fail. */
export async function callTool(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<CallToolResult> {
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError, `${name}: ${JSON.stringify(result.content)}`).not.toBe(true);
  return result;
}

/** The content of a result, to look for words in. */
export function textOf({ content }: CallToolResult): string {
  return JSON.stringify(content);
}

/** The names of the tools that a server has here. */
export async function toolsOf(client: Client, domain: string): Promise<readonly string[]> {
  const { tools } = await client.listTools();
  return tools.filter(({ _meta }) => _meta?.["io.callgate/domain"] === domain).map(({ name }) => name);
}

/** This process's environment. */
export function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** A form's fields, each with something that fits it. */
function agreed(params: unknown): Record<string, string | number | boolean> {
  const { requestedSchema } = params as {
    requestedSchema?: { properties?: Record<string, { type?: string }>; required?: string[] };
  };
  const { properties = {}, required = [] } = requestedSchema ?? {};
  const fits = { string: "Ann", number: 1, integer: 1, boolean: true } as const;
  return Object.fromEntries(
    required.map((name) => [name, fits[(properties[name]?.type ?? "string") as keyof typeof fits]]),
  );
}
