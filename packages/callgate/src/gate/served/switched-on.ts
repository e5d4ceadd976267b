import type { Graduations } from "../../graduation/graduations.ts";
import type { WriteTool } from "../../graduation/switch-state.ts";
import type { Served, ServedTool } from "./served.ts";

/** Whether a thing is there at all, for whoever may see it: not held back by where it comes from, and switched on. */
export function isServed(graduations: Graduations, served: Served): boolean {
  if (served.domain.source?.withholds(served) === true) return false;
  return served.kind !== "tool" || isOn(graduations, served);
}

/** Whether a tool is switched on. A read always is. */
export function isOn(graduations: Graduations, tool: ServedTool): boolean {
  return tool.effect === "read" || graduations.isOn(toWriteTool(tool));
}

/** A tool that changes something, as far as its graduation goes. */
export function toWriteTool({ name, domain, contractHash }: ServedTool): WriteTool {
  return { name, domain: domain.name, contractHash };
}
