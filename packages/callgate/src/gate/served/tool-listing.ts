import { isTeam } from "../../callers/visible.ts";
import type { Subject } from "../../define/subject.ts";
import { insteadOf } from "../answers/deprecation.ts";
import type { Menu } from "./menus.ts";
import type { ServedTool } from "./served.ts";

/** A tool as one class of subjects is shown it. */
export interface ToolListing {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: ServedTool["inputSchema"];
  readonly outputSchema?: ServedTool["inputSchema"];
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly _meta: Readonly<Record<string, unknown>>;
}

/** A tool as `tools/list` shows it; MCP 2026-07-28, "Tool". */
export function toListing(tool: ServedTool, subject: Subject, hides: Menu["hides"]): ToolListing {
  const { deprecated, version = 1, listing = {} } = tool.declaration;
  const destructive = tool.effect === "destructive";
  return {
    ...listing,
    name: tool.name,
    ...(tool.title !== undefined && { title: tool.title }),
    description:
      deprecated === undefined ? tool.description : `Deprecated${insteadOf(deprecated, hides)}. ${tool.description}`,
    inputSchema: isTeam(subject) ? tool.inputSchema : tool.clientInputSchema,
    ...(tool.outputSchema !== undefined && { outputSchema: tool.outputSchema }),
    annotations: {
      ...(listing["annotations"] as object | undefined),
      readOnlyHint: tool.effect === "read",
      // By its key a write is made once; a client that goes by this hint repeats calls without one.
      ...(tool.effect !== "read" && { destructiveHint: destructive, idempotentHint: false }),
    },
    _meta: {
      ...(listing["_meta"] as object | undefined),
      "io.callgate/domain": tool.domain.name,
      "io.callgate/effect": tool.effect,
      ...(version > 1 && { "io.callgate/version": version }),
    },
  };
}
