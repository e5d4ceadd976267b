import type { InputRequest } from "../../define/input-required.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { labelsOf, serverMetaIn, wordsIn } from "./server-meta.ts";
import { allSeen } from "./server-words.ts";

/**
 * What a server asks, in its name: nobody takes it for the gate's own question, and every letter of it is seen. Names and
 * values that an answer gives back are the server's own: a question that hides letters in those does not come here.
 */
export function inItsName(
  server: string,
  requests: Readonly<Record<string, InputRequest>>,
): Readonly<Record<string, InputRequest>> {
  return Object.fromEntries(Object.entries(requests).map(([name, request]) => [name, named(server, request)]));
}

function named(server: string, request: InputRequest): InputRequest {
  const { method, params } = request;
  if (params === undefined || method === "roots/list") return request;
  const { _meta, ...asked } = params;
  const isForModel = method === "sampling/createMessage";
  const label = { _meta: { ...serverMetaIn(params), ...labelsOf(server, isForModel ? readBy(asked) : [asked]) } };
  if (isForModel) return { method, params: { ...asked, ...label } };
  const { message, ...shown } = allSeen(asked);
  const words = typeof message === "string" ? message : "";
  return { method, params: { ...shown, message: `${server} asks: ${words}`, ...label } };
}

/** What a model reads of what it is asked. */
function readBy({ systemPrompt, messages }: JsonObject): readonly unknown[] {
  const said = Array.isArray(messages)
    ? messages.map((message) => (isJsonObject(message) ? message["content"] : []))
    : [];
  return [systemPrompt, ...said.flat().flatMap(wordsIn)];
}
