import type { ToolRules } from "../define/tool.ts";
import type { Call } from "./call.ts";
import type { Menu } from "./menus.ts";
import type { Note } from "./result-ending.ts";
import type { ServedTool } from "./served.ts";

type Deprecated = NonNullable<ToolRules<unknown>["deprecated"]>;

/** The tool to use instead, in words: none where the caller does not see that one. */
export function insteadOf({ use }: Deprecated, hides: Menu["hides"]): string {
  return hides(use) ? "" : `: use ${use}`;
}

/** What is said beside a result of this tool: where it is deprecated, that too. */
export function withDeprecation({ gate, subject, exchange }: Call, tool: ServedTool, note?: Note): Note | undefined {
  const { deprecated } = tool.declaration;
  if (deprecated === undefined) return note;
  const { since, use } = deprecated;
  const instead = insteadOf(deprecated, gate.menus.of(subject, exchange.endpoint).hides);
  const words = `${tool.name} is deprecated since ${since}${instead}.`;
  return {
    meta: { ...note?.meta, "io.callgate/deprecated": instead === "" ? { since } : { since, use } },
    text: note?.text === undefined ? words : `${note.text} ${words}`,
  };
}
