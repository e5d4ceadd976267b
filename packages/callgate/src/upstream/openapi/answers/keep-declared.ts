import type { JsonObject } from "../../../wire/exchange.ts";
import { isObject, objectOf } from "../document/api-document.ts";

/**
 * The value without fields that its schema does not declare: what an API adds one day, or never wrote down, does not
 * leave the gate. An object whose schema names no fields, or says what further ones are, is kept whole.
 */
export function keepDeclared(schema: JsonObject, value: unknown): unknown {
  return keep([schema], { value, definitions: objectOf(schema["$defs"]) });
}

interface Kept {
  readonly value: unknown;
  readonly definitions: JsonObject;
}

function keep(schemas: readonly JsonObject[], { value, definitions }: Kept): unknown {
  if (typeof value !== "object" || value === null) return value;
  const all = schemas.flatMap((schema) => judgesOf(schema, definitions, []));
  if (Array.isArray(value)) {
    const items = all.map(({ items: each }) => each).filter(isObject);
    if (items.length === 0) return value;
    return value.map((item) => keep(items, { value: item, definitions }));
  }
  const named = all.filter((schema) => isObject(schema["properties"]));
  const open = all
    .map((schema) => schema["additionalProperties"])
    .filter((said) => said !== undefined && said !== false);
  const entries = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const own = named
      .map((schema) => objectOf(schema["properties"]))
      .filter((properties) => Object.hasOwn(properties, name));
    if (own.length > 0) {
      const declared = own.map((properties) => properties[name]).filter(isObject);
      return [[name, declared.length === 0 ? field : keep(declared, { value: field, definitions })]];
    }
    if (open.length > 0) return [[name, keep(open.filter(isObject), { value: field, definitions })]];
    return named.length === 0 ? [[name, field]] : [];
  });
  return Object.fromEntries(entries);
}

/** Every schema that says something of the same value. */
function judgesOf(schema: JsonObject, definitions: JsonObject, above: readonly JsonObject[]): readonly JsonObject[] {
  if (above.includes(schema)) return [];
  const way = [...above, schema];
  const reference = schema["$ref"];
  const target = typeof reference === "string" ? definitions[reference.slice("#/$defs/".length)] : undefined;
  const parts = [target, ...["allOf", "anyOf", "oneOf"].flatMap((keyword) => schema[keyword] ?? [])];
  return [schema, ...parts.filter(isObject).flatMap((part) => judgesOf(part, definitions, way))];
}
