import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";

/** Whether a tool can be called in no other way than as a task; MCP 2025-11-25, "Tasks". */
export function needsTask({ execution }: JsonObject): boolean {
  return isJsonObject(execution) && execution["taskSupport"] === "required";
}
