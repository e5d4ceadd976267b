import type { PromptMessage, ResourceContent } from "../define/resource.ts";
import type { Ending } from "./ending.ts";
import { gateError } from "./gate-error.ts";
import { fits, tooLarge } from "./page.ts";
import { membersEnding } from "./result-ending.ts";
import type { ServedReadable } from "./served.ts";

/** The answer of `resources/read` or `prompts/get`. */
export function shapeReadable(served: ServedReadable, result: unknown, uri: unknown): Ending {
  return served.kind === "prompt" ? promptEnding(served, result) : resourceEnding(served, result, uri);
}

function promptEnding(served: ServedReadable, result: unknown): Ending {
  const messages =
    typeof result === "string"
      ? [{ role: "user", content: { type: "text", text: result } }]
      : (result as readonly PromptMessage[]);
  const text = JSON.stringify(messages);
  if (!fits(served, text)) throw tooLarge(served);
  const description = served.listing["description"];
  const members = `${description === undefined ? "" : `"description":${JSON.stringify(description)},`}"messages":${text}`;
  return membersEnding(members, { value: messages, resultText: text });
}

function resourceEnding(served: ServedReadable, result: unknown, uri: unknown): Ending {
  if (result === undefined)
    throw gateError("invalid_arguments", "Resource not found", { details: { resource: served.name } });
  const contents = (Array.isArray(result) ? result : [result]) as readonly ResourceContent[];
  const mimeType = served.listing["mimeType"];
  const full = contents.map((content) => ({
    uri,
    ...(mimeType !== undefined && { mimeType }),
    ...content,
  }));
  const text = JSON.stringify(full);
  if (!fits(served, text)) throw tooLarge(served);
  const ending = membersEnding(`"contents":${text}`, { value: full, resultText: text });
  if (ending.answer.kind !== "result") return ending;
  return { ...ending, answer: { ...ending.answer, cache: { ttlMs: 0, cacheScope: "private" } } };
}
