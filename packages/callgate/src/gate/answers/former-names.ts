import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import type { Note } from "./result-ending.ts";

/** What is said beside a result: where the call used former names, what they are now. */
export function withFormerNames({ exchange, own }: Call, tool: ServedTool, note?: Note): Note | undefined {
  if (tool.declaration.renamed === undefined) return note;
  const { name } = exchange.params;
  const isFormer = exchange.method === "tools/call" && typeof name === "string" && name !== tool.name;
  const fields = Object.entries(own.formerFields);
  if (!isFormer && fields.length === 0) return note;
  const said = [
    ...(isFormer ? [`${name} is called ${tool.name} now.`] : []),
    ...fields.map(([former, now]) => `Its argument ${former} is called ${now} now.`),
  ].join(" ");
  const renamed = {
    ...(isFormer && { tool: { from: name, to: tool.name } }),
    ...(fields.length > 0 && { fields: own.formerFields }),
  };
  return {
    meta: { ...note?.meta, "io.callgate/renamed": renamed },
    text: note?.text === undefined ? said : `${note.text} ${said}`,
  };
}
