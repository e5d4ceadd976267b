import type { JsonObject } from "../wire/exchange.ts";
import { checkParamHeaders } from "../wire/param-headers.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { type Ending, refused } from "./answers/ending.ts";
import type { Call } from "./call/call.ts";
import { type Menu, toolCalled } from "./served/menus.ts";
import type { Served } from "./served/served.ts";

/**
 * Stage 3. Finds what is called among what this subject sees; lists are made from the same menu. What is
 * not visible and what is not there take the same path to the same answer.
 */
export function see(call: Call): Ending | undefined {
  const menu = call.gate.menus.of(call.subject, call.exchange.endpoint);
  const found = find(menu, call) ?? menu.searched?.find(call);
  if (found === undefined) return nothingThere(call);
  call.served = found;
  if (found.kind !== "tool" || found.paramHeaders.length === 0) return undefined;
  const { exchange } = call;
  const mismatch = checkParamHeaders(found.paramHeaders, argumentsOf(exchange), exchange.paramHeaders);
  return mismatch === undefined ? undefined : refused("header_mismatch", mismatch);
}

function argumentsOf({ params }: Call["exchange"]): JsonObject {
  const given = params["arguments"];
  return typeof given === "object" && given !== null ? (given as JsonObject) : {};
}

function find(menu: Menu, { exchange: { method, params } }: Call): Served | undefined {
  if (method === "tools/call") return toolCalled(menu, String(params["name"]));
  if (method === "prompts/get") return menu.prompts.get(String(params["name"]));
  if (method === "resources/read")
    return typeof params["uri"] === "string" ? menu.resourceAt(params["uri"]) : undefined;
  const ref = params["ref"] as { type?: unknown; name?: unknown; uri?: unknown } | undefined;
  if (ref?.type === "ref/prompt") return menu.prompts.get(String(ref.name));
  return menu.resources.find((resource) => resource.name === ref?.uri);
}

function nothingThere(call: Call): Ending {
  const { method, params } = call.exchange;
  if (method === "resources/read") {
    return refused(
      "unknown_tool",
      rpcError(rpcCode.invalidParams, "Resource not found", { data: { uri: String(params["uri"]) } }),
    );
  }
  const what = method === "tools/call" ? "tool" : "prompt";
  const name = method === "completion/complete" ? "" : `: ${String(params["name"])}`;
  const data = { code: "unknown_tool" };
  return refused("unknown_tool", rpcError(rpcCode.invalidParams, `Unknown ${what}${name}`, { data }));
}
