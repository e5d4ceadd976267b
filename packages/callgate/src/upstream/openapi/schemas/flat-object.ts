import type { JsonObject } from "../../../wire/exchange.ts";
import { isObject, objectOf, resolve } from "../document/api-document.ts";
import type { Converted, SchemaConverter } from "./schema-converter.ts";

/** The fields of an object schema, converted, with what stands in parts of `allOf` among them. */
export interface FlatObject {
  readonly properties: ReadonlyMap<string, Converted>;
  readonly required: ReadonlySet<string>;
}

/** All that an object may say besides without being more than its fields. */
const PLAIN: ReadonlySet<string> = new Set(
  [
    "type properties required allOf title description example examples externalDocs xml deprecated $ref",
    "discriminator $schema $comment",
  ].flatMap((line) => line.split(" ")),
);

/** Undefined where an object is more than its fields (a union, a map, a rule over several), or no object at all. */
export function flatObject(converter: SchemaConverter, schema: unknown): FlatObject | undefined {
  const properties = new Map<string, Converted>();
  const required = new Set<string>();
  const hidden = new Set<string>();
  const add = (node: unknown, above: readonly unknown[]): boolean => {
    if (!isObject(node)) return false;
    const own = resolve(converter.document, node);
    if (above.includes(own) || !isPlain(own)) return false;
    for (const [name, property] of Object.entries(objectOf(own["properties"]))) {
      if (converter.isHidden(property)) hidden.add(name);
      else properties.set(name, both(properties.get(name), converter.convert(property)));
    }
    for (const name of namesIn(own["required"])) required.add(name);
    const parts = Array.isArray(own["allOf"]) ? own["allOf"] : [];
    return parts.every((part) => add(part, [...above, own]));
  };
  if (!add(schema, []) || properties.size + hidden.size === 0) return undefined;
  for (const name of hidden) {
    properties.delete(name);
    required.delete(name);
  }
  for (const name of required) if (!properties.has(name)) properties.set(name, true);
  return { properties, required };
}

function isPlain(schema: JsonObject): boolean {
  const { type, nullable, additionalProperties } = schema;
  if (type !== undefined && type !== "object") return false;
  if (nullable === true || (additionalProperties !== undefined && additionalProperties !== false)) return false;
  return Object.keys(schema).every(
    (keyword) =>
      PLAIN.has(keyword) || keyword === "nullable" || keyword === "additionalProperties" || keyword.startsWith("x-"),
  );
}

function both(one: Converted | undefined, other: Converted): Converted {
  if (one === undefined || JSON.stringify(one) === JSON.stringify(other)) return other;
  return { allOf: [one, other] };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
