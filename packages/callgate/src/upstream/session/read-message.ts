import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject, readFrame } from "../../wire/json-rpc.ts";
import { JsonFault, type JsonLimits, parseLenientJson, parseStrictJson } from "../../wire/strict-json.ts";
import type { Said } from "./link.ts";

/** A list of a thousand tools, or a result that is a table, has more keys than any request may have. */
const limits: JsonLimits = { depth: 64, keys: 500_000 };

/** What one message of a server is. */
export type Message =
  | { readonly kind: "response"; readonly id: unknown; readonly message: JsonObject }
  /** An answer that is not taken for one, but that says to what it is one. `fault` completes "said what is …". */
  | { readonly kind: "faulty"; readonly id: unknown; readonly message: JsonObject; readonly fault: string }
  | { readonly kind: "said"; readonly said: Said }
  /** `fault` completes "said what is …". */
  | { readonly kind: "none"; readonly fault: string };

/** Reads a server's message from its bytes, as strictly as a client's is read. Never throws. */
export function readMessage(bytes: Buffer): Message {
  let value: unknown;
  try {
    value = parseStrictJson(bytes, limits);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const fault = `not taken as JSON: ${error.message.replace(/\.$/, "")}`;
    const message = answerIn(bytes);
    return message === undefined ? { kind: "none", fault } : { kind: "faulty", id: message["id"], message, fault };
  }
  const frame = readFrame(value);
  if (frame.kind === "response" && isJsonObject(value)) return { kind: "response", id: value["id"], message: value };
  if (frame.kind === "request" || frame.kind === "notification") return { kind: "said", said: frame };
  return { kind: "none", fault: `no JSON-RPC message: ${frame.kind === "invalid" ? frame.reason : "no object"}` };
}

function answerIn(bytes: Buffer): JsonObject | undefined {
  try {
    const value = parseLenientJson(bytes, limits.keys);
    return readFrame(value).kind === "response" && isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
