import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";

/** Asks for progress under the request's own id. */
export function withToken(params: JsonObject, id: number): JsonObject {
  const meta = params["_meta"];
  return { ...params, _meta: { ...(isJsonObject(meta) && meta), progressToken: id } };
}
