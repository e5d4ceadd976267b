import { FastMCP } from "fastmcp";
import {
  FindBookingsInput,
  FindBookingsOutput,
  findBookings,
  toolDescription,
  toolName,
  toToolResult,
} from "../find-bookings.ts";
import { readPort } from "../port-argument.ts";

const server = new FastMCP({ name: "bench-fastmcp", version: "1.0.0" });

server.addTool({
  name: toolName,
  description: toolDescription,
  parameters: FindBookingsInput,
  outputSchema: FindBookingsOutput,
  execute: async (input) => toToolResult(findBookings(input)),
});

await server.start({ transportType: "httpStream", httpStream: { port: readPort(), host: "127.0.0.1" } });
