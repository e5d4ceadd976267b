import { fileURLToPath } from "node:url";
import { createBookingCall } from "./create-booking.ts";
import { findBookingsCall } from "./find-bookings.ts";
import type { Era, ToolCall } from "./tool-call.ts";

/** A server under test: what to start, and how it is called. */
export interface Target {
  /** The name for `--only` and the table. */
  readonly name: string;
  readonly about: string;
  /** Run as `node <script> --port N`; it listens on 127.0.0.1. A gate gets `--folder PATH` as well. */
  readonly script: string;
  /** `gate`: it has a store, leaves a key that its callers need, and runs with the V8 option of `callgate start`. */
  readonly kind: "peer" | "gate";
  /** Where a gate keeps what it keeps. */
  readonly store: "sqlite" | "postgres";
  readonly path: string;
  readonly era: Era;
  readonly call: ToolCall;
}

type Given = Pick<Target, "name" | "about"> & Partial<Target>;

function peer(given: Given): Target {
  const script = fileURLToPath(new URL(`peers/${given.name}.ts`, import.meta.url));
  return { script, kind: "peer", store: "sqlite", path: "/mcp", era: "2026-07-28", call: findBookingsCall, ...given };
}

function gate(given: Given): Target {
  return peer({ script: fileURLToPath(new URL("callgate/target.ts", import.meta.url)), kind: "gate", ...given });
}

/** Every target, in the order in which a round visits them. */
export const targets: readonly Target[] = [
  peer({ name: "raw-http", about: "node:http, JSON.parse and JSON.stringify: no MCP, the floor" }),
  gate({ name: "callgate", about: "a read with everything on: key, 200 tools, an audit of more than a million rows" }),
  gate({
    name: "callgate-write",
    about: "a write on the same gate, each with an idempotency key of its own; its backend is a map",
    call: createBookingCall,
  }),
  gate({
    name: "callgate-redis",
    about: "the read, its rate counted in a Redis of its own on the same core",
    script: fileURLToPath(new URL("callgate/target-redis.ts", import.meta.url)),
  }),
  gate({ name: "callgate-postgres", about: "the read on a gate whose store is PostgreSQL", store: "postgres" }),
  gate({
    name: "callgate-write-postgres",
    about: "the write on a gate whose store is PostgreSQL",
    store: "postgres",
    call: createBookingCall,
  }),
  gate({ name: "callgate-2025", about: "the read, by a session of the 2025 era", era: "2025-11-25" }),
  peer({ name: "sdk", about: "official SDK: createMcpHandler with McpServer on node:http, as its docs write it" }),
  peer({ name: "sdk-hoisted", about: "the same, its schemas built once and not for every request" }),
  peer({ name: "tmcp", about: "tmcp with its zod adapter and HTTP transport, on srvx" }),
  peer({
    name: "fastmcp",
    about: "punkpeye/fastmcp, httpStream with a session (2025 era, the only one it has)",
    era: "2025-11-25",
  }),
  peer({ name: "xmcp", about: "xmcp, built by its own compiler" }),
];
