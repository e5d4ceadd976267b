import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import { isObject } from "../document/api-document.ts";
import type { Converted } from "./schema-converter.ts";

const IN_PLACE = ["allOf", "anyOf", "oneOf"];

/** Refuses definitions that refer to themselves without a step into a value: no value could ever be judged by them. */
export function refuseBottomless(definitions: Readonly<Record<string, Converted>>, place: DefinitionPlace): void {
  const settled = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) {
      throw new DefinitionError(place, `a schema of its document, ${name}, consists of itself.`, "Mend the document.");
    }
    if (settled.has(name)) return;
    for (const next of samePlace(definitions[name])) visit(next, [...above, name]);
    settled.add(name);
  };
  for (const name of Object.keys(definitions)) visit(name, []);
}

/** The definitions that judge the same value as this schema does. */
function samePlace(schema: unknown): readonly string[] {
  if (!isObject(schema)) return [];
  const reference = schema["$ref"];
  const own = typeof reference === "string" ? [reference.slice("#/$defs/".length)] : [];
  const parts = IN_PLACE.flatMap((keyword) => (Array.isArray(schema[keyword]) ? schema[keyword] : []));
  return [...own, ...parts.flatMap(samePlace)];
}
