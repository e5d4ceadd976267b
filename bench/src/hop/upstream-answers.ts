import { z } from "zod";
import {
  type FindBookingsArguments,
  FindBookingsInput,
  FindBookingsOutput,
  findBookings,
  toolDescription,
  toolName,
  toToolResult,
} from "../find-bookings.ts";

const complete = { resultType: "complete" } as const;
const serverInfo = { name: "bench-upstream", version: "1.0.0" };

const discovery = {
  ...complete,
  supportedVersions: ["2026-07-28"],
  capabilities: { tools: {} },
  ttlMs: 60_000,
  cacheScope: "public",
  _meta: { "io.modelcontextprotocol/serverInfo": serverInfo },
};

const list = {
  ...complete,
  tools: [
    {
      name: toolName,
      description: toolDescription,
      inputSchema: z.toJSONSchema(FindBookingsInput),
      outputSchema: z.toJSONSchema(FindBookingsOutput),
      annotations: { readOnlyHint: true },
    },
  ],
  ttlMs: 60_000,
  cacheScope: "public",
};

/** The bench sends right arguments alone. */
interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params: { readonly arguments?: unknown };
}

/**
 * Answers a message of MCP 2026-07-28 with the least that a client takes: what the bench puts hops before. It checks
 * nothing, so that almost all of the time is the hop's. Undefined for a notification.
 */
export function answerMessage(text: string): string | undefined {
  const message = JSON.parse(text) as Message;
  if (message.id === undefined) return undefined;
  const result = resultOf(message);
  if (result !== undefined) return JSON.stringify({ jsonrpc: "2.0", id: message.id, result });
  const error = { code: -32601, message: `Method not found: ${message.method}` };
  return JSON.stringify({ jsonrpc: "2.0", id: message.id, error });
}

function resultOf({ method, params }: Message): object | undefined {
  if (method === "tools/call")
    return { ...complete, ...toToolResult(findBookings(params.arguments as FindBookingsArguments)) };
  if (method === "tools/list") return list;
  return method === "server/discover" ? discovery : undefined;
}
