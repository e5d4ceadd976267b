import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ElicitResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { type ServedHttp, serveHttp } from "./serve-http.ts";

/** A server of 2025 on the official SDK of that time. */
export function buildLegacyServer(): McpServer {
  const server = new McpServer({ name: "yesterday", version: "1.0.0" });
  server.registerTool("echo", { inputSchema: { words: z.string() } }, ({ words }) => ({
    content: [{ type: "text", text: words }],
    _meta: { "org.example/kept": { deeply: [1, null] } },
  }));
  server.registerTool("ask", { inputSchema: { what: z.string() } }, async ({ what }, { sendRequest }) => {
    const requestedSchema = { type: "object" as const, properties: { name: { type: "string" as const } } };
    const params = { mode: "form" as const, message: what, requestedSchema };
    const { action, content } = await sendRequest({ method: "elicitation/create", params }, ElicitResultSchema);
    return { content: [{ type: "text", text: `${what} ${action} ${String(content?.["name"])}` }] };
  });
  server.registerTool("endless", { inputSchema: {} }, async (_, { signal }) => {
    legacyEndless.started();
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    legacyEndless.cancelled();
    return { content: [] };
  });
  return server;
}

/** What happens to the calls of `endless`, in this process. */
export const legacyEndless: { started(): void; cancelled(): void } = { started() {}, cancelled() {} };

export interface ServedLegacy extends ServedHttp {
  readonly sessions: Map<string, { readonly transport: StreamableHTTPServerTransport; readonly server: McpServer }>;
}

/** A server of 2025 over HTTP, with sessions. */
export async function serveLegacy(build: () => McpServer = buildLegacyServer, port = 0): Promise<ServedLegacy> {
  const sessions: ServedLegacy["sessions"] = new Map();
  const served = await serveHttp((request, response) => void take(request, response, { sessions, build }), port);
  return { ...served, sessions };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, build }: Pick<ServedLegacy, "sessions"> & { readonly build: () => McpServer },
): Promise<void> {
  const known = sessions.get(String(request.headers["mcp-session-id"]));
  if (known !== undefined) return known.transport.handleRequest(request, response);
  if (request.headers["mcp-session-id"] !== undefined) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}');
    return;
  }
  const server = build();
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, { transport, server }),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  await server.connect(transport);
  await transport.handleRequest(request, response);
}
