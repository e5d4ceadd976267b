import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { JsonSchemaObject } from "./json-schema.ts";

/** Refuses an object schema that has a field of a name which the gate itself puts there. */
export function refuseTaken(
  { side, names }: { readonly side: "input" | "output"; readonly names: readonly string[] },
  own: JsonSchemaObject,
  place: DefinitionPlace,
): void {
  const taken = names.find((name) => Object.hasOwn(own["properties"] ?? {}, name));
  if (taken === undefined) return;
  const does = side === "input" ? "serves" : "adds";
  throw new DefinitionError(
    place,
    `its ${side} has a field "${taken}", which the gate ${does} itself.`,
    "Give it another name.",
  );
}
