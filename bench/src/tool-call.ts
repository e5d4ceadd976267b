/** A tool call that a target is measured with. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The structured content of a right answer; compared in full before anything is measured. */
  readonly expected: unknown;
  /** Pieces of text that every single answer must hold while it is measured. */
  readonly markers: readonly string[];
}

export type Era = "2026-07-28" | "2025-11-25";

/** Stands in a request for a number that differs each time it is sent: the JSON-RPC id, which a session must not reuse, and an idempotency key. */
export const numberPlaceholder = 100_000_000_000;

/** One HTTP request, ready to be sent any number of times. */
export interface PreparedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const clientInfo = { name: "callgate-bench", version: "1.0.0" };
const baseHeaders = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** Where a server is called, and as whom. */
export interface Endpoint {
  readonly url: string;
  readonly era: Era;
  /** The key of a server that asks for one. */
  readonly key: string | undefined;
}

/** Builds the request for a call; in the 2025 era this opens a session first, as a client would. */
export async function prepareRequest(endpoint: Endpoint, call: ToolCall): Promise<PreparedRequest> {
  return endpoint.era === "2026-07-28" ? prepareModern(endpoint, call) : await prepareWithSession(endpoint, call);
}

function headersFor({ key }: Endpoint): Record<string, string> {
  return key === undefined ? baseHeaders : { ...baseHeaders, authorization: `Bearer ${key}` };
}

function prepareModern(endpoint: Endpoint, call: ToolCall): PreparedRequest {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": clientInfo,
  };
  return {
    url: endpoint.url,
    headers: {
      ...headersFor(endpoint),
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": call.tool,
    },
    body: toMessage("tools/call", { name: call.tool, arguments: call.arguments, _meta: meta }),
  };
}

async function prepareWithSession(endpoint: Endpoint, call: ToolCall): Promise<PreparedRequest> {
  const { url, era } = endpoint;
  const opened = await fetch(url, {
    method: "POST",
    headers: headersFor(endpoint),
    body: toMessage("initialize", { protocolVersion: era, capabilities: {}, clientInfo }),
  });
  const answer = parseAnswer(await opened.text());
  if (!opened.ok || answer.result === undefined) {
    throw new Error(`initialize was answered with ${opened.status}: ${JSON.stringify(answer)}`);
  }
  const session = opened.headers.get("mcp-session-id");
  const headers = {
    ...headersFor(endpoint),
    "mcp-protocol-version": era,
    ...(session === null ? {} : { "mcp-session-id": session }),
  };
  const initialized = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
  await (await fetch(url, { method: "POST", headers, body: initialized })).text();
  return { url, headers, body: toMessage("tools/call", { name: call.tool, arguments: call.arguments }) };
}

function toMessage(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id: numberPlaceholder, method, params });
}

interface Answer {
  readonly result?: { readonly isError?: boolean; readonly structuredContent?: unknown; readonly content?: unknown };
  readonly error?: unknown;
}

/** Reads a JSON-RPC answer from a JSON body or from the last event of an event stream. */
export function parseAnswer(body: string): Answer {
  const events = body.split("\n").filter((line) => line.startsWith("data:"));
  const text = events.at(-1)?.slice("data:".length) ?? body;
  return JSON.parse(text) as Answer;
}
