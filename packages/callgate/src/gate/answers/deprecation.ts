import type { ToolRules } from "../../define/tool.ts";
import type { Call } from "../call/call.ts";
import type { Menu } from "../served/menus.ts";
import type { ServedTool } from "../served/served.ts";
import { withFormerNames } from "./former-names.ts";
import type { Note } from "./result-ending.ts";

type Deprecated = NonNullable<ToolRules<unknown>["deprecated"]>;

/** The tool to use instead, in words: none where the caller does not see that one. */
export function insteadOf({ use }: Deprecated, hides: Menu["hides"]): string {
  return hides(use) ? "" : `: use ${use}`;
}

/** What is said beside a result of this tool: where it is deprecated, or was called by former names, that too. */
export function withDeprecation(call: Call, tool: ServedTool, given?: Note): Note | undefined {
  const { gate, subject, exchange } = call;
  const { deprecated } = tool.declaration;
  const note = withFormerNames(call, tool, given);
  if (deprecated === undefined) return note;
  const { since, use } = deprecated;
  const instead = insteadOf(deprecated, gate.menus.of(subject, exchange.endpoint).hides);
  const words = `${tool.name} is deprecated since ${since}${instead}.`;
  return {
    meta: { ...note?.meta, "io.callgate/deprecated": instead === "" ? { since } : { since, use } },
    text: note?.text === undefined ? words : `${note.text} ${words}`,
  };
}
