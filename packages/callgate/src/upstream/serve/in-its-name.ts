import type { InputRequest } from "../../define/input-required.ts";
import { OURS } from "./server-meta.ts";
import { seen } from "./server-words.ts";

/** Members of a question that people read. */
const READ: ReadonlySet<string> = new Set(["message", "title", "description"]);

/** What a server asks, in its name: nobody takes it for the gate's own question, and every letter of it is seen. */
export function inItsName(
  server: string,
  requests: Readonly<Record<string, InputRequest>>,
): Readonly<Record<string, InputRequest>> {
  return Object.fromEntries(Object.entries(requests).map(([name, request]) => [name, named(server, request)]));
}

function named(server: string, request: InputRequest): InputRequest {
  const { method, params } = request;
  if (params === undefined || method === "roots/list") return request;
  if (method === "sampling/createMessage")
    return { method, params: { ...params, _meta: { ...(params["_meta"] as object), [`${OURS}upstream`]: server } } };
  const shown = readable(params) as NonNullable<InputRequest["params"]>;
  const { message } = shown;
  return { method, params: { ...shown, message: `${server} asks: ${typeof message === "string" ? message : ""}` } };
}

function readable(params: unknown): unknown {
  return JSON.parse(JSON.stringify(params), (name, value: unknown) =>
    typeof value === "string" && READ.has(name) ? seen(value) : value,
  );
}
