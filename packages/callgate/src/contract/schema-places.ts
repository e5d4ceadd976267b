import { stepOf } from "../define/json-pointer.ts";
import type { SchemaObject } from "./subsumption/schema-document.ts";

const HOLDS_NAMES: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
const HOLDS_MANY: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const HOLDS_ONE: ReadonlySet<string> = new Set([
  "items",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "contains",
  "not",
  "if",
  "then",
  "else",
]);

/** Every schema that is written in a document, by its JSON pointer. */
export function schemaPlaces(root: SchemaObject): ReadonlyMap<string, SchemaObject> {
  const places = new Map<string, SchemaObject>();
  const visit = (schema: unknown, pointer: string): void => {
    if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return;
    places.set(pointer, schema as SchemaObject);
    for (const [keyword, value] of Object.entries(schema)) {
      if (HOLDS_ONE.has(keyword)) visit(value, `${pointer}/${keyword}`);
      else if (HOLDS_MANY.has(keyword) || HOLDS_NAMES.has(keyword)) visitEach(value, `${pointer}/${keyword}`);
    }
  };
  const visitEach = (schemas: unknown, pointer: string): void => {
    if (typeof schemas !== "object" || schemas === null) return;
    for (const [name, schema] of Object.entries(schemas)) visit(schema, `${pointer}/${stepOf(name)}`);
  };
  visit(root, "");
  return places;
}
