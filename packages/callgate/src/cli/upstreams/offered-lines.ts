import type { LockedList } from "../../upstream/lock/locked.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { toSeen, toSeenLine } from "../printing/visible-text.ts";

/** What of a thing stands in another place: its name. */
const NAMES: Readonly<Record<LockedList, string>> = {
  tools: "name",
  resources: "uri",
  resourceTemplates: "uriTemplate",
  prompts: "name",
};

/** What the protocol calls the parts of a thing. */
const KNOWN: ReadonlySet<string> = new Set(
  "name title description icons inputSchema outputSchema annotations execution arguments mimeType size _meta".split(
    " ",
  ),
);

/**
 * All that would be accepted of a thing, as it is shown to the person who accepts it: by its words, and by those of its
 * arguments, a model will choose. Of one that was accepted before, what is otherwise, with what it was.
 */
export function offeredLines(list: LockedList, is: JsonObject, was?: JsonObject): readonly string[] {
  const now = partsOf(list, is);
  if (was === undefined) return [...now].map(([part, text]) => `  ${toSeenLine(part)}  ${block(text)}`);
  const before = partsOf(list, was);
  const others = [...new Set([...before.keys(), ...now.keys()])].filter((part) => before.get(part) !== now.get(part));
  return others.flatMap((part) => [
    `  ${toSeenLine(part)} was  ${block(before.get(part) ?? "(nothing)")}`,
    `  ${toSeenLine(part)} is   ${block(now.get(part) ?? "(nothing)")}`,
  ]);
}

/** A text whose further lines stand apart: none of them can be taken for a line of this program's. */
export function block(text: string): string {
  return toSeen(text).replaceAll("\n", "\n        | ");
}

function partsOf(list: LockedList, listed: JsonObject): ReadonlyMap<string, string> {
  const members = Object.entries(listed).filter(([name]) => name !== NAMES[list]);
  return new Map(members.flatMap(([name, value]) => parts(name, value)));
}

/** A schema by its fields; all else whole, what the protocol does not know in quotes: none of it passes for a word of ours. */
function parts(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (name === "description" && typeof value === "string") return [["says", value]];
  if (name === "inputSchema" && isJsonObject(value)) return fields("takes", value);
  if (name === "outputSchema" && isJsonObject(value)) return fields("gives", value);
  const part = KNOWN.has(name) ? name : JSON.stringify(name);
  return [[part, typeof value === "string" ? value : JSON.stringify(value)]];
}

function fields(verb: string, { properties, ...rest }: JsonObject): readonly (readonly [string, string])[] {
  const named = isJsonObject(properties) ? Object.entries(properties) : [];
  return [
    ...named.map(([field, schema]) => [`${verb} ${field}:`, JSON.stringify(schema)] as const),
    [`${verb}:`, JSON.stringify(isJsonObject(properties) ? rest : { ...rest, properties })],
  ];
}
