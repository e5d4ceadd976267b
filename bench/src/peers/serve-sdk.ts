import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { type buildSchemas, findBookings, toolDescription, toolName, toToolResult } from "../find-bookings.ts";
import { readPort } from "../port-argument.ts";

/** Serves the tool on the official SDK, whose handler asks for a new server with every request. */
export function serveSdk(schemas: () => ReturnType<typeof buildSchemas>): void {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "bench-sdk", version: "1.0.0" });
    const { FindBookingsInput, FindBookingsOutput } = schemas();
    server.registerTool(
      toolName,
      { description: toolDescription, inputSchema: FindBookingsInput, outputSchema: FindBookingsOutput },
      (input) => toToolResult(findBookings(input)),
    );
    return server;
  });

  // The adapter's own request type is narrower than Node's only under exactOptionalPropertyTypes.
  const listener = toNodeHandler(handler) as RequestListener;

  createServer(listener).listen(readPort(), "127.0.0.1");
}
