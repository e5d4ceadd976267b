import { fileURLToPath } from "node:url";
import type { PreparedRequest } from "../tool-call.ts";
import type { HopTarget } from "./hop-targets.ts";

/** So many servers stand behind one gate, each with so many tools. */
export const MANY = { servers: 50, tools: 20 } as const;

/** The first tool of the first of them. */
const called = "find_0x0";
const last = `find_${MANY.servers - 1}x${MANY.tools - 1}`;

export const manyTarget: HopTarget = {
  name: "callgate-many",
  about: `a gate before ${MANY.servers} servers with ${MANY.tools} tools each`,
  script: fileURLToPath(new URL("callgate-many.ts", import.meta.url)),
  kind: "gate",
  store: "sqlite",
  path: "/mcp",
  era: "2026-07-28",
  reaches: "HTTP",
  call: { tool: called, arguments: {}, expected: { called }, markers: [`"called":"${called}"`] },
};

/** Pieces of text that a whole list holds. */
export const listMarkers: readonly string[] = [`"${called}"`, `"${last}"`];

/** The list for whoever makes this call. */
export function toListRequest({ url, headers, body }: PreparedRequest): PreparedRequest {
  const message = JSON.parse(body) as { params: { _meta: unknown } };
  const { "mcp-name": _name, ...others } = headers;
  return {
    url,
    headers: { ...others, "mcp-method": "tools/list" },
    body: JSON.stringify({ ...message, method: "tools/list", params: { _meta: message.params._meta } }),
  };
}

/** The same call, of another server's tool. */
export function toCallOf({ url, headers, body }: PreparedRequest, tool: string): PreparedRequest {
  return { url, headers: { ...headers, "mcp-name": tool }, body: body.replaceAll(called, tool) };
}
