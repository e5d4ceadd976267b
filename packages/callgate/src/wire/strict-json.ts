import { isUtf8 } from "node:buffer";
import { rpcCode } from "./rpc-error.ts";

/** Nesting and size beyond which a message is refused before anything is built from it. */
export const jsonLimits: JsonLimits = { depth: 64, keys: 10_000 };

export interface JsonLimits {
  readonly depth: number;
  readonly keys: number;
}

/** Why a text is not taken: `code` is the JSON-RPC code to answer with. */
export class JsonFault extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "JsonFault";
    this.code = code;
  }
}

/**
 * Parses JSON from its raw bytes and refuses what two readers could read differently or what costs too much: bytes that
 * are not UTF-8, a key that stands twice in one object, half of a surrogate pair, more levels or keys than `limits` allows
 * (64 and 10,000). `__proto__` is an own property like any other.
 */
export function parseStrictJson(bytes: Buffer, limits: JsonLimits = jsonLimits): unknown {
  if (!isUtf8(bytes)) throw new JsonFault(rpcCode.parse, "The message is not valid UTF-8.");
  const keys = measure(bytes, limits);
  const text = bytes.toString("utf8");
  const value = parsed(text);
  // A key written twice is there once after parsing: comparing counts finds it, escapes and all, without a set per object.
  if (keys > 1 && countKeys(value) !== keys) {
    throw new JsonFault(rpcCode.invalidRequest, "An object in the message has the same key twice.");
  }
  // Written to a store such a text comes back as another one: a key would not be found under its own name (RFC 7493).
  if (surrogateEscape.test(text) && !isWellFormed(value)) {
    throw new JsonFault(rpcCode.invalidRequest, "A text in the message has half of a surrogate pair.");
  }
  return value;
}

/**
 * Parses JSON that nobody else reads: nested as deep as it is, of a key that stands twice the last, halves of surrogate
 * pairs as they are. More than `keys` are refused all the same.
 */
export function parseLenientJson(bytes: Buffer, keys: number): unknown {
  if (!isUtf8(bytes)) throw new JsonFault(rpcCode.parse, "The message is not valid UTF-8.");
  measure(bytes, { depth: Number.POSITIVE_INFINITY, keys });
  return parsed(bytes.toString("utf8"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonFault(rpcCode.parse, "The message is not valid JSON.");
  }
}

/** Bytes that are UTF-8 hold no half of a pair: only an escape can name one. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member));
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts the keys of a JSON text and refuses too deep or too many. What is not JSON is left for the parser to refuse. */
function measure(bytes: Buffer, limits: JsonLimits): number {
  const end = bytes.length;
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < end; at++) {
    switch (bytes[at] as number) {
      case quote: {
        let inside = bytes[++at];
        while (inside !== quote && at < end) {
          if (inside === backslash) at++;
          inside = bytes[++at];
        }
        break;
      }
      case 0x3a: // :
        if (++keys > limits.keys) throw new JsonFault(rpcCode.invalidRequest, "The message has too many keys.");
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > limits.depth) throw new JsonFault(rpcCode.invalidRequest, "The message is nested too deeply.");
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
    }
  }
  return keys;
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) count += countKeys(value[index]);
    return count;
  }
  const members = value as Record<string, unknown>;
  for (const key in members) {
    count++;
    const member = members[key];
    if (typeof member === "object" && member !== null) count += countKeys(member);
  }
  return count;
}
