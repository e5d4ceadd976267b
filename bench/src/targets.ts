import { fileURLToPath } from "node:url";
import { findBookingsCall } from "./find-bookings.ts";
import type { Era, ToolCall } from "./tool-call.ts";

/** A server under test: what to start, and how it is called. */
export interface Target {
  /** The name for `--only` and the table. */
  readonly name: string;
  readonly about: string;
  /** Run as `node <script> --port N`; it listens on 127.0.0.1. */
  readonly script: string;
  readonly path: string;
  readonly era: Era;
  readonly call: ToolCall;
}

const peer = (name: string): string => fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url));

/** Every target, in the order in which a round visits them. */
export const targets: readonly Target[] = [
  {
    name: "raw-http",
    about: "node:http, JSON.parse and JSON.stringify: no MCP, the floor",
    script: peer("raw-http"),
    path: "/mcp",
    era: "2026-07-28",
    call: findBookingsCall,
  },
  {
    name: "sdk",
    about: "official SDK: createMcpHandler with McpServer, on node:http",
    script: peer("sdk"),
    path: "/mcp",
    era: "2026-07-28",
    call: findBookingsCall,
  },
  {
    name: "tmcp",
    about: "tmcp with its zod adapter and HTTP transport, on srvx",
    script: peer("tmcp"),
    path: "/mcp",
    era: "2026-07-28",
    call: findBookingsCall,
  },
  {
    name: "fastmcp",
    about: "punkpeye/fastmcp, httpStream with a session (2025 era, the only one it has)",
    script: peer("fastmcp"),
    path: "/mcp",
    era: "2025-11-25",
    call: findBookingsCall,
  },
  {
    name: "xmcp",
    about: "xmcp, built by its own compiler",
    script: peer("xmcp"),
    path: "/mcp",
    era: "2026-07-28",
    call: findBookingsCall,
  },
];
