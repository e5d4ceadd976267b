import type { Effect } from "../../define/effect.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { UpstreamRules } from "../upstream-options.ts";

const STRICTNESS: readonly Effect[] = ["read", "write", "destructive"];

/**
 * What the gate takes a server's tool for. What the config does not call a read is a write; the server's own hints make
 * it stricter, never laxer: what it calls destructive is destructive, and what it calls no read is taken in by no pattern.
 */
export function effectOf(listed: JsonObject, { reads = [], tools = {} }: UpstreamRules): Effect {
  const name = String(listed["name"]);
  const { readOnlyHint, destructiveHint } = (listed["annotations"] ?? {}) as JsonObject;
  if (destructiveHint === true) return "destructive";
  const declared = Object.hasOwn(tools, name) ? tools[name]?.effect : undefined;
  if (declared !== undefined) return declared;
  if (reads.includes(name)) return "read";
  return readOnlyHint !== false && reads.some((pattern) => matches(pattern, name)) ? "read" : "write";
}

/** A read by a pattern alone: neither does the config name it, nor does the server say that it only reads. */
export function isReadByPattern(listed: JsonObject, rules: UpstreamRules): boolean {
  const { reads = [], tools = {} } = rules;
  const name = String(listed["name"]);
  const { readOnlyHint } = (listed["annotations"] ?? {}) as JsonObject;
  const isNamed = reads.includes(name) || (Object.hasOwn(tools, name) && tools[name]?.effect !== undefined);
  return !isNamed && readOnlyHint !== true && effectOf(listed, rules) === "read";
}

/** Whether the second demands more of a caller than the first. */
export function isStricter(before: Effect, after: Effect): boolean {
  return STRICTNESS.indexOf(after) > STRICTNESS.indexOf(before);
}

/** `*` stands for any letters. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
