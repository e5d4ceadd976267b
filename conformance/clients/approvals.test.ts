import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { defineDomain, defineGate, inputRequired, openGate, type ServedGate, serveHttp, sqlite } from "callgate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

type Answer = { readonly action: "accept" | "decline"; readonly content?: Record<string, string | boolean> };
type Call = (tool: string, input: Record<string, unknown>) => Promise<unknown>;

let folder: string;
let gate: ServedGate;
const sent: string[] = [];

const letters = defineDomain("letters", { owner: "post", purpose: "Letters.", concern: "One sent unasked." });
const input = z.object({ to: z.string() });
const output = z.object({ sent: z.string() });
function post(to: string): { sent: string } {
  sent.push(to);
  return { sent: to };
}

letters.write("send_letter", {
  description: "Sends a letter once the client's person has agreed.",
  approval: "client",
  input,
  output,
  plan: ({ to }) => ({ preview: { action: "send_letter", to }, to }),
  commit: ({ to }) => post(to),
});
letters.write("send_signed_letter", {
  description: "Asks who signs the letter, and sends it once the client's person has agreed.",
  approval: "client",
  input,
  output,
  plan: ({ to }, { inputResponses }) => {
    const { content } = (inputResponses["signature"] ?? {}) as { content?: { name?: string } };
    if (content?.name === undefined) return inputRequired({ requests: { signature: question } });
    return { preview: { action: "send_signed_letter", to, signed: content.name }, to: `${to} from ${content.name}` };
  },
  commit: ({ to }) => post(to),
});

const question = {
  method: "elicitation/create",
  params: {
    message: "Who signs?",
    requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  },
} as const;

/** What a person at the client does with each form. */
function fill(message: string, approve: boolean): Answer {
  if (message === "Who signs?") return { action: "accept", content: { name: "Ada" } };
  expect(message).toContain('"action": "send_');
  return { action: "accept", content: { approve } };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-approvals-"));
  const config = defineGate({
    name: "post",
    domains: [letters],
    graduation: "off",
    callers: { authenticate: [({ bearer }) => (bearer === "ann" ? { kind: "person", user: "ann" } : undefined)] },
    store: sqlite(join(folder, "gate.db")),
  });
  gate = await serveHttp(await openGate(config), { port: 0 });
});

afterAll(async () => {
  await gate.close();
  await rm(folder, { recursive: true });
});

const requestInit = { headers: { authorization: "Bearer ann" } };

async function newClient(mode: "auto" | "legacy", approve: boolean | undefined): Promise<Disposable & { call: Call }> {
  const capabilities = approve === undefined ? {} : { elicitation: {} };
  const client = new Client({ name: "post", version: "1" }, { capabilities, versionNegotiation: { mode } });
  if (approve !== undefined)
    client.setRequestHandler("elicitation/create", ({ params }) => Promise.resolve(fill(params.message, approve)));
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", gate.url), { requestInit }));
  const call: Call = (name, args) => client.callTool({ name, arguments: args });
  return { call, [Symbol.dispose]: () => void client.close() };
}

async function client1(approve: boolean | undefined): Promise<Disposable & { call: Call }> {
  const capabilities = approve === undefined ? {} : { elicitation: {} };
  const client = new Client1({ name: "post", version: "1" }, { capabilities });
  if (approve !== undefined)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => Promise.resolve(fill(params.message, approve)));
  await client.connect(new Transport1(new URL("/mcp", gate.url), { requestInit }));
  const call: Call = (name, args) => client.callTool({ name, arguments: args });
  return { call, [Symbol.dispose]: () => void client.close() };
}

const clients = [
  ["2.4 in 2026-07-28", (approve?: boolean) => newClient("auto", approve)],
  ["2.4 in 2025-11-25", (approve?: boolean) => newClient("legacy", approve)],
  ["1.32", (approve?: boolean) => client1(approve)],
] as const;

describe.each(clients)("the official client %s", (name, connect) => {
  it("[W3] shows its person what would happen, and passes the yes on", async () => {
    using client = await connect(true);
    const to = `yes ${name}`;
    expect(await client.call("send_letter", { to })).toMatchObject({ structuredContent: { sent: to } });
    expect(sent.filter((each) => each === to)).toHaveLength(1);
  });

  it("[W3] passes the no on, and nothing is done", async () => {
    using client = await connect(false);
    const to = `no ${name}`;
    const denied = await client.call("send_letter", { to });
    expect(denied).toMatchObject({ isError: true });
    expect(JSON.stringify(denied)).toContain("approval_denied");
    expect(sent).not.toContain(to);
  });

  it("[W3] is asked by the tool and then by the gate, and neither forgets what the other was told", async () => {
    using client = await connect(true);
    const to = `signed ${name}`;
    expect(await client.call("send_signed_letter", { to })).toMatchObject({
      structuredContent: { sent: `${to} from Ada` },
    });
  });

  it("[W3] that cannot ask is told who decides, and how to go on", async () => {
    using client = await connect();
    const pending = await client.call("send_letter", { to: `mute ${name}` });
    expect(pending).toMatchObject({ isError: true });
    expect(JSON.stringify(pending)).toContain("approval_pending");
    expect(JSON.stringify(pending)).toContain("idempotency_key");
  });
});
