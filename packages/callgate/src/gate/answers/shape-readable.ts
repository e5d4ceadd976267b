import type { PromptMessage, ResourceContent } from "../../define/resource.ts";
import type { CacheHint } from "../../wire/exchange.ts";
import type { Call } from "../call/call.ts";
import type { ServedReadable } from "../served/served.ts";
import type { Ending } from "./ending.ts";
import { gateError } from "./gate-error.ts";
import { misfit } from "./misfit.ts";
import { fits, tooLarge } from "./page.ts";
import { membersEnding } from "./result-ending.ts";

const NOT_CACHED: CacheHint = { ttlMs: 0, cacheScope: "private" };

/** The answer of `resources/read` or `prompts/get`. */
export function shapeReadable(call: Call, served: ServedReadable, result: unknown): Ending {
  return served.kind === "prompt" ? promptEnding(call, served, result) : resourceEnding(call, served, result);
}

function promptEnding(call: Call, served: ServedReadable, result: unknown): Ending {
  const messages = typeof result === "string" ? [{ role: "user", content: { type: "text", text: result } }] : result;
  if (!Array.isArray(messages) || !messages.every(isMessage)) throw misfit(call, ["neither a text nor messages"]);
  const text = JSON.stringify(messages);
  if (!fits(served, text)) throw tooLarge(served);
  const description = served.listing["description"];
  const members = `${description === undefined ? "" : `"description":${JSON.stringify(description)},`}"messages":${text}`;
  return membersEnding(members, { value: messages, resultText: text });
}

function resourceEnding(call: Call, served: ServedReadable, result: unknown): Ending {
  if (result === undefined)
    throw gateError("invalid_arguments", "Resource not found", { details: { resource: served.name } });
  const contents: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (!contents.every(isContent)) throw misfit(call, ["neither `text` nor `blob`"]);
  const mimeType = served.listing["mimeType"];
  const full = contents.map((content) => ({
    uri: call.exchange.params["uri"],
    ...(mimeType !== undefined && { mimeType }),
    ...content,
  }));
  const text = JSON.stringify(full);
  if (!fits(served, text)) throw tooLarge(served);
  return membersEnding(`"contents":${text}`, { value: full, resultText: text, cache: NOT_CACHED });
}

function isMessage(value: unknown): value is PromptMessage {
  const { role, content } = (value ?? {}) as Partial<PromptMessage>;
  return (role === "user" || role === "assistant") && typeof content?.type === "string";
}

function isContent(value: unknown): value is ResourceContent {
  const { text, blob } = (value ?? {}) as Partial<ResourceContent>;
  return typeof text === "string" || typeof blob === "string";
}
