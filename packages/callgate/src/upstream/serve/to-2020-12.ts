import type { JsonObject } from "../../wire/exchange.ts";

const MAPS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SINGLE = ["additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "contains"];
const APPLIED = ["not", "if", "then", "else", "items"];
const NESTED_MOST = 60;

const HERE = "https://json-schema.org/draft/2020-12/schema";

/**
 * The same schema in JSON Schema 2020-12, from any draft since 4: what another draft says in other words is said in those
 * of this one, the rest stands as it is. A schema that is nested without end is left as it is.
 */
export function to2020(schema: JsonObject): JsonObject {
  const { $schema: dialect, ...rest } = schema;
  return { ...(dialect === HERE && { $schema: HERE }), ...(convert(rest, 0) as JsonObject) };
}

function convert(schema: unknown, depth: number): unknown {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema) || depth > NESTED_MOST) return schema;
  const below = (part: unknown): unknown => convert(part, depth + 1);
  const converted: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (MAPS.includes(keyword)) converted[keyword] = mapped(value, below);
    else if (LISTS.includes(keyword) && Array.isArray(value)) converted[keyword] = value.map(below);
    else if (SINGLE.includes(keyword) || APPLIED.includes(keyword)) converted[keyword] = below(value);
    else converted[keyword] = value;
  }
  return { ...withoutOldWords(converted, below) };
}

function mapped(value: unknown, below: (part: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, below(part)]));
}

function withoutOldWords(schema: Record<string, unknown>, below: (part: unknown) => unknown): JsonObject {
  const { id, additionalItems, dependencies, ...rest } = schema;
  const said: Record<string, unknown> =
    typeof id === "string" && /^[a-z]+:/.test(id) ? rest : { ...rest, ...present({ id }) };
  if (Array.isArray(said["items"])) {
    said["prefixItems"] = said["items"].map(below);
    delete said["items"];
    if (additionalItems !== undefined) said["items"] = below(additionalItems);
  }
  if (typeof dependencies === "object" && dependencies !== null) Object.assign(said, splitUp(dependencies, below));
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof said[exclusive] !== "boolean") continue;
    if (said[exclusive]) {
      said[exclusive] = said[bound];
      delete said[bound];
    } else delete said[exclusive];
  }
  return said;
}

function splitUp(dependencies: object, below: (part: unknown) => unknown): JsonObject {
  const entries = Object.entries(dependencies);
  const required = entries.filter(([, needed]) => Array.isArray(needed));
  const schemas = entries.filter(([, needed]) => !Array.isArray(needed)).map(([name, part]) => [name, below(part)]);
  return {
    ...(required.length > 0 && { dependentRequired: Object.fromEntries(required) }),
    ...(schemas.length > 0 && { dependentSchemas: Object.fromEntries(schemas) }),
  };
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
