import { createServer, type RequestListener } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen, refusesStrangers } from "./listen.ts";

/** The berths of a harbour: a server of MCP 2026-07-28 over HTTP, as the official SDK's documentation writes one. */
const berths = new Map([
  ["north-1", { berth: "north-1", length: 12, boat: "Albatross" }],
  ["north-2", { berth: "north-2", length: 8, boat: "" }],
  ["north-3", { berth: "north-3", length: 8, boat: "" }],
]);
const Berth = z.object({ berth: z.string(), length: z.number(), boat: z.string() });

function buildServer(): McpServer {
  const server = new McpServer({ name: "berths", version: "1.0.0" });
  registerTools(server);
  registerReadables(server);
  return server;
}

function registerTools(server: McpServer): void {
  server.registerTool(
    "find_berths",
    {
      description: "Find the berths that are free and long enough for a boat.",
      inputSchema: z.object({ length: z.number().describe("The boat's length in metres") }),
      outputSchema: z.object({ berths: z.array(Berth) }),
      annotations: { readOnlyHint: true },
    },
    ({ length }) => {
      const found = { berths: [...berths.values()].filter((each) => each.boat === "" && each.length >= length) };
      return { content: [{ type: "text", text: JSON.stringify(found) }], structuredContent: found };
    },
  );
  server.registerTool(
    "book_berth",
    {
      description: "Book a free berth for a boat.",
      inputSchema: z.object({ berth: z.string(), boat: z.string().describe("The boat's name") }),
      outputSchema: Berth,
    },
    ({ berth, boat }) => {
      const free = berths.get(berth);
      if (free?.boat !== "") return { isError: true, content: [{ type: "text", text: `${berth} is not free.` }] };
      const booked = { ...free, boat };
      berths.set(berth, booked);
      return { content: [{ type: "text", text: JSON.stringify(booked) }], structuredContent: booked };
    },
  );
}

function registerReadables(server: McpServer): void {
  server.registerResource(
    "map",
    "berths://map",
    { description: "All berths", mimeType: "application/json" },
    (uri) => ({
      contents: [{ uri: uri.href, text: JSON.stringify([...berths.values()]) }],
    }),
  );
  server.registerResource(
    "berth",
    new ResourceTemplate("berths://berth/{name}", {
      list: undefined,
      complete: { name: (typed) => [...berths.keys()].filter((name) => name.startsWith(typed)) },
    }),
    { description: "One berth, by its name" },
    (uri, { name }) => ({ contents: [{ uri: uri.href, text: JSON.stringify(berths.get(String(name))) }] }),
  );
  server.registerPrompt(
    "plan_arrival",
    { description: "Plan the arrival of a boat.", argsSchema: z.object({ boat: z.string() }) },
    ({ boat }) => ({ messages: [{ role: "user", content: { type: "text", text: `Plan the arrival of ${boat}.` } }] }),
  );
}

const handle = toNodeHandler(createMcpHandler(buildServer, { legacy: "reject" })) as RequestListener;
await listen(
  "berths",
  createServer((request, response) => {
    if (!refusesStrangers("BERTHS_TOKEN", request, response)) handle(request, response);
  }),
);
