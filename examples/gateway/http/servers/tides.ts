import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ElicitResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { listen, refusesStrangers } from "./listen.ts";

/** The tides of a harbour: a server of MCP 2025-11-25 over HTTP with sessions, on the official SDK of that time. */
const tides = new Map([["pier", 1.2]]);

function buildServer(): McpServer {
  const server = new McpServer({ name: "tides", version: "1.0.0" });
  registerTools(server);
  registerReadables(server);
  return server;
}

function registerTools(server: McpServer): void {
  server.registerTool(
    "get_tide",
    {
      description: "Get the height of the water at a station.",
      inputSchema: { station: z.string() },
      outputSchema: { station: z.string(), metres: z.number() },
      annotations: { readOnlyHint: true },
    },
    ({ station }) => {
      const tide = { station, metres: tides.get(station) ?? 0 };
      return { content: [{ type: "text", text: JSON.stringify(tide) }], structuredContent: tide };
    },
  );
  server.registerTool(
    "report_tide",
    {
      description: "Report the height of the water at a station; asks who has measured it.",
      inputSchema: { station: z.string(), metres: z.number() },
    },
    async ({ station, metres }, { sendRequest }) => {
      const requestedSchema = {
        type: "object" as const,
        properties: { name: { type: "string" as const } },
        required: ["name"],
      };
      const params = { mode: "form" as const, message: "Who has measured it?", requestedSchema };
      const { action, content } = await sendRequest({ method: "elicitation/create", params }, ElicitResultSchema);
      if (action !== "accept") return { isError: true, content: [{ type: "text", text: "Nobody has measured it." }] };
      tides.set(station, metres);
      return { content: [{ type: "text", text: `${String(content?.["name"])} reports ${metres} m at ${station}.` }] };
    },
  );
}

function registerReadables(server: McpServer): void {
  server.registerResource("stations", "tides://stations", { description: "All stations" }, (uri) => ({
    contents: [{ uri: uri.href, text: JSON.stringify([...tides.keys()]) }],
  }));
  server.registerResource(
    "station",
    new ResourceTemplate("tides://station/{name}", {
      list: undefined,
      complete: { name: (typed) => [...tides.keys()].filter((name) => name.startsWith(typed)) },
    }),
    { description: "The tide at one station" },
    (uri, { name }) => ({ contents: [{ uri: uri.href, text: String(tides.get(String(name))) }] }),
  );
  server.registerPrompt(
    "explain_tide",
    { description: "Explain a tide to a sailor.", argsSchema: { station: z.string() } },
    ({ station }) => ({
      messages: [{ role: "user", content: { type: "text", text: `Explain the tide at ${station}.` } }],
    }),
  );
}

const sessions = new Map<string, StreamableHTTPServerTransport>();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (refusesStrangers("TIDES_TOKEN", request, response)) return;
  const id = request.headers["mcp-session-id"];
  const known = sessions.get(String(id));
  if (known !== undefined) return known.handleRequest(request, response);
  if (id !== undefined) return void response.writeHead(404).end();
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (begun) => void sessions.set(begun, transport),
    onsessionclosed: (ended) => void sessions.delete(ended),
  });
  await buildServer().connect(transport);
  await transport.handleRequest(request, response);
}

await listen(
  "tides",
  createServer((request, response) => void answer(request, response)),
);
