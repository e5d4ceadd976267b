import { toCanonicalJson } from "../../ledger/digest.ts";
import { short } from "../rules/same-names.ts";

const MOST_SAID = 4;

/** Where two values differ as JSON, in words; empty where they are the same. What is no JSON throws a `TypeError`. */
export function differences(one: unknown, other: unknown): readonly string[] {
  return [...differing(asJson(one), asJson(other), "")].slice(0, MOST_SAID);
}

/** As a preview's hash takes it. */
function asJson(value: unknown): unknown {
  return JSON.parse(toCanonicalJson(value));
}

function* differing(one: unknown, other: unknown, path: string): Generator<string> {
  if (Object.is(one, other)) return;
  if (!isComposed(one) || !isComposed(other) || Array.isArray(one) !== Array.isArray(other)) {
    yield `${path === "" ? "the plan" : path} is ${said(one)}, then ${said(other)}`;
    return;
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    const within = Array.isArray(one) ? `${path}[${name}]` : `${path}${path === "" ? "" : "."}${name}`;
    yield* differing(one[name], other[name], within);
  }
}

function isComposed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function said(value: unknown): string {
  return value === undefined ? "absent" : short(value);
}
