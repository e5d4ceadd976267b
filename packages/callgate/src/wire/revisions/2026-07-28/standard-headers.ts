import type { ErrorAnswer, JsonObject } from "../../exchange.ts";
import { headerMismatch } from "../../header-mismatch.ts";
import { decodeHeaderValue } from "../../header-value.ts";
import type { RequestFrame } from "../../json-rpc.ts";

/** The headers that repeat what a body says; undefined where not sent. */
export interface StandardHeaders {
  readonly protocolVersion: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
}

/** Which member of `params` the `Mcp-Name` header repeats. */
export const nameSource: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);

/** Refuses headers that say something else than the body. Missing ones are no matter here: notifications need none. */
export function compareHeaders(
  method: string,
  version: string | undefined,
  headers: StandardHeaders,
): ErrorAnswer | undefined {
  if (headers.protocolVersion !== undefined && version !== undefined && headers.protocolVersion !== version) {
    return headerMismatch("MCP-Protocol-Version", `names ${headers.protocolVersion}, the body names ${version}`);
  }
  if (headers.method !== undefined && headers.method !== method) {
    return headerMismatch("Mcp-Method", `names ${headers.method}, the body names ${method}`);
  }
  return undefined;
}

/** Refuses a request without its standard headers, or with an `Mcp-Name` that is not the body's. */
export function requireHeaders(frame: RequestFrame, headers: StandardHeaders): ErrorAnswer | undefined {
  if (headers.protocolVersion === undefined) return headerMismatch("MCP-Protocol-Version", "is missing");
  if (headers.method === undefined) return headerMismatch("Mcp-Method", "is missing");
  const source = nameSource.get(frame.method);
  return source === undefined ? undefined : compareName(frame.params, source, headers.name);
}

function compareName(
  params: JsonObject | undefined,
  source: string,
  header: string | undefined,
): ErrorAnswer | undefined {
  const inBody = params?.[source];
  if (header === undefined) {
    return typeof inBody === "string"
      ? headerMismatch("Mcp-Name", `is missing, the body has params.${source}`)
      : undefined;
  }
  const sent = decodeHeaderValue(header);
  if (sent === null) return headerMismatch("Mcp-Name", "is not valid Base64 of UTF-8");
  if (typeof inBody === "string" && sent !== inBody) return headerMismatch("Mcp-Name", `differs from params.${source}`);
  return undefined;
}
