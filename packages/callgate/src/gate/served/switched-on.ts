import type { Graduations } from "../../graduation/graduations.ts";
import type { WriteTool } from "../../graduation/switch-state.ts";
import type { ServedTool } from "./served.ts";

/** Whether a tool is there at all, for whoever may see it. A read always is. */
export function isOn(graduations: Graduations, tool: ServedTool): boolean {
  return tool.effect === "read" || graduations.isOn(toWriteTool(tool));
}

/** A tool that changes something, as far as its graduation goes. */
export function toWriteTool({ name, domain, contractHash }: ServedTool): WriteTool {
  return { name, domain: domain.name, contractHash };
}
