import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { metaKey } from "../../wire/revisions/2026-07-28/revision.ts";
import { rulesMatching } from "../lock/suspicious-text.ts";

/** What only the gate says. */
export const OURS = "io.callgate/";
/** Words of the way between the gate and the server. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  ...Object.values(metaKey),
  "io.modelcontextprotocol/related-task",
  "progressToken",
]);

/** What a server says in `_meta` of a result: every member, but for what only the gate says, or concerns the way to it. */
export function serverMetaIn({ _meta: meta }: JsonObject): JsonObject {
  if (!isJsonObject(meta)) return {};
  return Object.fromEntries(Object.entries(meta).filter(([name]) => !name.startsWith(OURS) && !OF_THE_WAY.has(name)));
}

/** What a server says, a list of that or one, as it came, but for what only the gate says in `_meta`. */
export function withoutOurs<Said>(said: Said): Said {
  return cleaned(said) as Said;
}

function cleaned(said: unknown): unknown {
  if (Array.isArray(said)) return said.map(cleaned);
  if (!isJsonObject(said)) return said;
  const { _meta: meta, content, resource } = said;
  if (meta === undefined && content === undefined && resource === undefined) return said;
  return {
    ...said,
    ...(isJsonObject(meta) && {
      _meta: Object.fromEntries(Object.entries(meta).filter(([name]) => !name.startsWith(OURS))),
    }),
    ...(content !== undefined && { content: cleaned(content) }),
    ...(resource !== undefined && { resource: cleaned(resource) }),
  };
}

/** The `_meta` of a result as the caller gets it: the server's, whose words these are, and the rules that its texts match. */
export function labelled(result: JsonObject, server: string, blocks: readonly unknown[]): JsonObject {
  const { description, structuredContent } = result;
  const read = [...blocks.flatMap(wordsIn), description, structuredContent];
  return { ...serverMetaIn(result), ...labelsOf(server, read) };
}

/** What the gate says in `_meta` of a server's words: whose they are, and the rules that they match. */
export function labelsOf(server: string, read: readonly unknown[]): JsonObject {
  const flags = rulesMatching(read);
  return { [`${OURS}upstream`]: server, ...(flags.length > 0 && { [`${OURS}suspicious`]: flags }) };
}

/** All that is to be read in a block, or in the resource in it: its text, and what stands beside its bytes. */
export function wordsIn(block: unknown): readonly unknown[] {
  if (!isJsonObject(block)) return [];
  const { type: _, text, data: __, blob: ___, resource, ...beside } = block;
  return [
    ...(text === undefined ? [] : [text]),
    ...(Object.keys(beside).length > 0 ? [beside] : []),
    ...(resource === undefined ? [] : wordsIn(resource)),
  ];
}
