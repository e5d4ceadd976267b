import { maskSecrets } from "../audit/secret-patterns.ts";
import { DefinitionError, type DefinitionPlace } from "../define/definition-error.ts";
import type { Kind } from "./kinds.ts";

const MOST_LETTERS = 60;

/** A setting that holds what it may not. */
export interface OddValue {
  readonly name: string;
  readonly problem: string;
  readonly cure: string;
}

/** The first setting that holds what it may not; those that are left out are well. `within` is said before the name: `longRunning.` */
export function oddValueIn(given: object, kinds: Readonly<Record<string, Kind>>, within = ""): OddValue | undefined {
  for (const [name, { fits, cure }] of Object.entries(kinds)) {
    const value: unknown = Reflect.get(given, name);
    if (value === undefined || fits(value)) continue;
    return { name, problem: `its ${within}${name} is ${shown(value)}.`, cure };
  }
  return undefined;
}

/** Node runs configs unchecked, and a misspelt `impact: "hgh"` that is passed over is a write that nobody approves. */
export function refuseOddValues(
  given: object,
  kinds: Readonly<Record<string, Kind>>,
  { place, within }: { readonly place: DefinitionPlace; readonly within?: string },
): void {
  const odd = oddValueIn(given, kinds, within);
  if (odd !== undefined) throw new DefinitionError(place, odd.problem, odd.cure);
}

/** Of what is no text, number or list of these, only what it is: an address may hold a secret. */
function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "string" && !Array.isArray(value)) {
    return typeof value === "object" && value !== null ? "an object" : String(value);
  }
  const written = maskSecrets(JSON.stringify(value), "[masked]");
  return written.length > MOST_LETTERS ? `${written.slice(0, MOST_LETTERS)}…` : written;
}
