import { stepOf } from "../../define/json-pointer.ts";
import type { JsonSchemaObject } from "./json-schema.ts";

/** A schema that may stand anywhere in a document, and the definitions which that document needs for it. */
export interface EmbeddedSchema {
  readonly schema: JsonSchemaObject;
  readonly definitions: Readonly<Record<string, JsonSchemaObject>>;
}

/**
 * Makes a schema ready to become part of another one. References count from the root of a document: a schema that has
 * some moves under `$defs` as `name`, and its references with it.
 */
export function embedSchema(schema: JsonSchemaObject, name: string): EmbeddedSchema {
  if (!refersToRoot(schema)) return { schema, definitions: {} };
  const place = `#/$defs/${stepOf(name)}`;
  const moved = movedTo(place, schema) as JsonSchemaObject;
  return { schema: { $ref: place }, definitions: { [name]: moved } };
}

function refersToRoot(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([keyword, value]) => isRootReference(keyword, value) || refersToRoot(value));
}

function movedTo(place: string, node: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => movedTo(place, item));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([keyword, value]) => [
      keyword,
      isRootReference(keyword, value) ? `${place}${value.slice(1)}` : movedTo(place, value),
    ]),
  );
}

function isRootReference(keyword: string, value: unknown): value is string {
  return keyword === "$ref" && typeof value === "string" && (value === "#" || value.startsWith("#/"));
}
