import type { PromptMessage, PromptResult, ResourceContent, ResourceResult } from "../../define/resource.ts";
import type { CacheHint } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import type { Call } from "../call/call.ts";
import type { ServedReadable } from "../served/served.ts";
import type { Ending } from "./ending.ts";
import { gateError } from "./gate-error.ts";
import { misfit } from "./misfit.ts";
import { fits, tooLarge } from "./page.ts";
import { membersEnding, type Note } from "./result-ending.ts";

const NOT_CACHED: CacheHint = { ttlMs: 0, cacheScope: "private" };

/** The answer of `resources/read` or `prompts/get`. */
export function shapeReadable(call: Call, served: ServedReadable, result: unknown): Ending {
  return served.kind === "prompt" ? promptEnding(call, served, result) : resourceEnding(call, served, result);
}

function promptEnding(call: Call, served: ServedReadable, result: unknown): Ending {
  const { messages, description = served.listing["description"], meta } = toPromptResult(result);
  if (!Array.isArray(messages) || !messages.every(isMessage)) throw misfit(call, ["neither a text nor messages"]);
  const text = JSON.stringify(messages);
  const note = noteOf(call, served, { meta, text });
  const members = `${description === undefined ? "" : `"description":${JSON.stringify(description)},`}"messages":${text}`;
  return membersEnding(members, { value: messages, resultText: text, note });
}

/** As it was given: what does not fit is found out of it. */
function toPromptResult(result: unknown): Partial<Record<keyof PromptResult, unknown>> {
  if (typeof result === "string") return { messages: [{ role: "user", content: { type: "text", text: result } }] };
  return isJsonObject(result) && "messages" in result ? result : { messages: result };
}

function resourceEnding(call: Call, served: ServedReadable, result: unknown): Ending {
  if (result === undefined)
    throw gateError("invalid_arguments", "Resource not found", { details: { resource: served.name } });
  const { contents, meta } = toResourceResult(result);
  if (!Array.isArray(contents) || !contents.every(isContent)) throw misfit(call, ["neither `text` nor `blob`"]);
  const mimeType = served.listing["mimeType"];
  const { uri } = call.exchange.params;
  const full = contents.map((content) => ({
    uri,
    ...(mimeType !== undefined && { mimeType }),
    ...content,
    ...(content.uri !== undefined && !mayName(call, served, content.uri) && { uri }),
  }));
  const text = JSON.stringify(full);
  const note = noteOf(call, served, { meta, text });
  return membersEnding(`"contents":${text}`, { value: full, resultText: text, note, cache: NOT_CACHED });
}

/**
 * SECURITY 22: contents of a server are of the address that was asked for, of one below it or of another that the server
 * serves. Those that say otherwise are of the first: servers write their addresses in many ways, and mean no harm by it.
 */
function mayName({ exchange, gate, subject }: Call, { domain }: ServedReadable, uri: unknown): boolean {
  const asked = String(exchange.params["uri"]);
  if (uri === asked || domain.source === undefined) return true;
  if (typeof uri !== "string") return false;
  const there = gate.menus.of(subject, exchange.endpoint).resourceAt(uri);
  return there === undefined ? uri.startsWith(asked.endsWith("/") ? asked : `${asked}/`) : there.domain === domain;
}

function toResourceResult(result: unknown): Partial<Record<keyof ResourceResult, unknown>> {
  if (isJsonObject(result) && "contents" in result) return result;
  return { contents: Array.isArray(result) ? result : [result] };
}

/** What is said beside the text; both together have to fit. */
function noteOf(
  call: Call,
  served: ServedReadable,
  { meta, text }: { readonly meta: unknown; readonly text: string },
): Note | undefined {
  if (meta !== undefined && !isJsonObject(meta)) throw misfit(call, ["`meta` that is no object"]);
  if (!fits(served, meta === undefined ? text : text + JSON.stringify(meta))) throw tooLarge(served);
  return meta && { meta, text: undefined };
}

function isMessage(value: unknown): value is PromptMessage {
  const { role, content } = (value ?? {}) as Partial<PromptMessage>;
  return (role === "user" || role === "assistant") && typeof content?.type === "string";
}

function isContent(value: unknown): value is ResourceContent {
  const { text, blob } = (value ?? {}) as Partial<ResourceContent>;
  return typeof text === "string" || typeof blob === "string";
}
