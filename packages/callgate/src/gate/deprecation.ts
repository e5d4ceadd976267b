import type { Note } from "./result-ending.ts";
import type { ServedTool } from "./served.ts";

/** What is said beside a result of this tool: where it is deprecated, that too. */
export function withDeprecation({ name, declaration }: ServedTool, note?: Note): Note | undefined {
  const { deprecated } = declaration;
  if (deprecated === undefined) return note;
  const words = `${name} is deprecated since ${deprecated.since}: use ${deprecated.use}.`;
  return {
    meta: { ...note?.meta, "io.callgate/deprecated": deprecated },
    text: note?.text === undefined ? words : `${note.text} ${words}`,
  };
}
