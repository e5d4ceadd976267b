import { CallError } from "../../define/call-error.ts";
import { type ContentBlock, type ContentResult, content } from "../../define/content.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { rulesMatching } from "../lock/suspicious-text.ts";

const MOST_LETTERS = 4_000;
/** Texts are looked over this far. */
const LOOKED_OVER = 20_000;
const OURS = "io.callgate/";

/**
 * A server's result as the caller gets it: its blocks and data as they came, labelled as that server's words, with the
 * rules that its texts match. A result that the server itself calls a failure is thrown.
 */
export function toResult(result: JsonObject, server: string): ContentResult {
  const blocks = Array.isArray(result["content"]) ? (result["content"] as readonly ContentBlock[]) : [];
  if (result["isError"] === true) throw failureOf(server, blocks, result["structuredContent"]);
  return content(blocks, result["structuredContent"], metaOf(result, server, blocks));
}

/** What the server says in `_meta` stays, but for what only the gate says. */
function metaOf(result: JsonObject, server: string, blocks: readonly ContentBlock[]): JsonObject {
  const theirs = Object.entries((result["_meta"] ?? {}) as JsonObject).filter(([name]) => !name.startsWith(OURS));
  const flags = flagsOf(blocks);
  return {
    ...Object.fromEntries(theirs),
    [`${OURS}upstream`]: server,
    ...(flags.length > 0 && { [`${OURS}suspicious`]: flags }),
  };
}

function flagsOf(blocks: readonly ContentBlock[]): readonly string[] {
  const texts = blocks.map(({ text }) => text).filter((text) => typeof text === "string");
  return [...new Set(texts.flatMap((text) => rulesMatching(text.slice(0, LOOKED_OVER))))];
}

function failureOf(server: string, blocks: readonly ContentBlock[], structured: unknown): CallError {
  const says = blocks.map((block) => (typeof block["text"] === "string" ? cut(block["text"]) : `(${block.type})`));
  const data = structured === undefined ? undefined : JSON.stringify(structured);
  return new CallError("upstream_error", `The server ${server} answered that the call failed.`, {
    next: "Read what it says in details: those are its own words, not the gate's.",
    details: {
      server,
      says,
      ...(data !== undefined && (data.length <= MOST_LETTERS ? { data: structured } : { data: cut(data) })),
    },
  });
}

function cut(text: string): string {
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS)}…`;
}
