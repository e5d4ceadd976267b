import { hash } from "node:crypto";

/** SHA-256 as lower-case hex. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/**
 * JSON Canonicalization Scheme (RFC 8785): equal values, equal text, whatever the order of their keys.
 * What JSON cannot say (functions, big integers, lone surrogates, numbers without end) throws a `TypeError`.
 */
export function toCanonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`);
    return JSON.stringify(value);
  }
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} is not JSON`);
  if (Array.isArray(value)) return `[${value.map((item) => toCanonicalJson(item ?? null)).join(",")}]`;
  if (hasToJson(value)) return toCanonicalJson(value.toJSON());
  return canonicalObject(value as Record<string, unknown>);
}

function canonicalObject(value: Record<string, unknown>): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a ${prototype.constructor?.name ?? "class instance"} is not JSON`);
  }
  let text = "{";
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text.length > 1 ? "," : ""}${canonicalString(key)}:${toCanonicalJson(member)}`;
  }
  return `${text}}`;
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError("a text with a lone surrogate is not JSON");
  return JSON.stringify(value);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

/** What makes two writes the same: tool, contract and arguments, without the fields that the gate serves. */
export function digestOf(write: {
  readonly tool: string;
  readonly contractHash: string;
  readonly input: unknown;
}): string {
  return sha256Hex(toCanonicalJson([write.tool, write.contractHash, write.input]));
}
