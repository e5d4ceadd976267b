import {
  envelope,
  modernHeaders,
  modernMessage,
  type Received,
  send,
} from "../../packages/callgate/src/transports/testing/modern-request.ts";
import type { JsonObject } from "../../packages/callgate/src/wire/exchange.ts";

const meta = { ...envelope, "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };

/** Calls a tool of a gate; further members of `params` are sent as they are. */
export function callTool(url: string, name: string, params: JsonObject = {}): Promise<Received> {
  const message = modernMessage("tools/call", { name, arguments: {}, _meta: meta, ...params });
  const headers = modernHeaders(message, { authorization: "Bearer ann" });
  return send(`${url}/mcp`, { headers, body: JSON.stringify(message) });
}
