import type { JsonObject } from "../../../wire/exchange.ts";

/** In OpenAPI 3.0 `exclusiveMinimum: true` makes `minimum` exclusive; in JSON Schema it is the bound itself. */
export function convertRanges(schema: JsonObject): JsonObject {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = schema;
  return {
    ...rest,
    ...bound({ limit: minimum, exclusive: exclusiveMinimum }, "minimum", "exclusiveMinimum"),
    ...bound({ limit: maximum, exclusive: exclusiveMaximum }, "maximum", "exclusiveMaximum"),
  };
}

function bound(said: { limit: unknown; exclusive: unknown }, open: string, closed: string): JsonObject {
  if (said.limit === undefined) return {};
  return said.exclusive === true ? { [closed]: said.limit } : { [open]: said.limit };
}

/** In OpenAPI 3.0 `nullable: true` lets a value be null; in JSON Schema null is a type. */
export function convertNullable(schema: JsonObject): JsonObject {
  const { description, ...rest } = schema;
  const words = description === undefined ? {} : { description };
  const { type, enum: values } = rest;
  if (typeof type !== "string" && !Array.isArray(type)) return { ...words, anyOf: [rest, { type: "null" }] };
  const withNull = Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { ...words, ...rest, type: [type, "null"].flat(), ...withNull };
}
