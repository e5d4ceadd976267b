import type { JsonObject } from "../../wire/exchange.ts";
import { encodeHeaderValue } from "../../wire/header-value.ts";
import { revision } from "../../wire/revisions/2026-07-28/revision.ts";
import { nameSource } from "../../wire/revisions/2026-07-28/standard-headers.ts";

/** The headers that repeat what a body says; MCP 2026-07-28, Streamable HTTP, "Standard Request Headers". */
export function standardHeaders(method: string, params: JsonObject): Record<string, string> {
  const source = nameSource.get(method);
  const name = source === undefined ? undefined : params[source];
  return {
    "mcp-protocol-version": revision,
    "mcp-method": method,
    ...(typeof name === "string" && { "mcp-name": encodeHeaderValue(name) }),
  };
}
