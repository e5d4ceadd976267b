import { CallError } from "../../define/call-error.ts";
import { type ContentBlock, type ContentResult, content } from "../../define/content.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { labelled, serverMetaIn, withoutOurs } from "./server-meta.ts";
import { cut, MOST_LETTERS, serverWords } from "./server-words.ts";

/**
 * A server's result as the caller gets it: its blocks and data as they came, labelled as that server's words, with the
 * rules that its texts match. A result that the server itself calls a failure is thrown.
 */
export function toResult(result: JsonObject, server: string): ContentResult {
  const blocks = Array.isArray(result["content"]) ? (result["content"] as readonly ContentBlock[]) : [];
  if (result["isError"] === true) throw failureOf(server, blocks, result);
  return content(withoutOurs(blocks), result["structuredContent"], labelled(result, server, blocks));
}

function failureOf(server: string, blocks: readonly ContentBlock[], result: JsonObject): CallError {
  const { structuredContent: structured } = result;
  const says = blocks.map(saidIn);
  const data = structured === undefined ? undefined : JSON.stringify(structured);
  const meta = serverMetaIn(result);
  const hasMeta = Object.keys(meta).length > 0 && JSON.stringify(meta).length <= MOST_LETTERS;
  return new CallError("upstream_error", `The server ${server} answered that the call failed.`, {
    next: "Read what it says in details: those are its own words, not the gate's.",
    details: {
      ...serverWords(server, says, [structured, meta]),
      ...(data !== undefined && (data.length <= MOST_LETTERS ? { data: structured } : { data: cut(data) })),
      ...(hasMeta && { _meta: meta }),
    },
  });
}

/** It may be no block at all: a failure is told whatever stands there. */
function saidIn(block: unknown): string {
  if (!isJsonObject(block)) return "(no block)";
  return typeof block["text"] === "string" ? block["text"] : `(${String(block["type"])})`;
}
