import type { JsonObject } from "../../wire/exchange.ts";

/** Deeper than any schema that is served; what is deeper still takes more stack to compare than there is. */
const MOST_DEPTH = 200;

/** Why a thing that a server lists can be held to nothing, and is left out; undefined where it can. */
export function whyUnheld(listed: JsonObject): string | undefined {
  return whyIn(listed, 0);
}

function whyIn(value: unknown, depth: number): string | undefined {
  if (depth > MOST_DEPTH) return `it is nested deeper than ${MOST_DEPTH} levels`;
  if (typeof value === "string") return value.isWellFormed() ? undefined : "a text in it has half a character";
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "a number in it has no end";
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const why = whyIn(name, depth) ?? whyIn(member, depth + 1);
    if (why !== undefined) return why;
  }
  return undefined;
}
