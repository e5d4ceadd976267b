import type { SchemaNode, SchemaObject } from "./schema-document.ts";

/** Schemas that all hold for one value. */
export type Conjunction = readonly SchemaNode[];

/** Follows references and `allOf`, so that each schema in what comes back speaks of the value itself. What cannot be followed demands nothing. */
export function flattened(nodes: Conjunction): Conjunction {
  const seen = new Map<string, SchemaNode>();
  const add = (node: SchemaNode): void => {
    if (seen.has(node.key)) return;
    seen.set(node.key, node);
    const target = node.document.resolve(node);
    if (target !== undefined) add(target);
    const { allOf } = node.schema;
    if (Array.isArray(allOf)) for (const index of allOf.keys()) add(node.document.child(node, "allOf", index));
    const refusesRefusal = Object.keys(node.schema["not"] ?? {}).join(" ") === "not";
    if (refusesRefusal) add(node.document.child(node, "not", "not"));
  };
  for (const node of nodes) add(node);
  return [...seen.values()];
}

/** A type of JSON values; `integer` is within `number`. */
export type JsonType = "null" | "boolean" | "string" | "number" | "integer" | "array" | "object";

/** The types that a value may have; `integer` stands there where `number` does not. */
export function typesOf(narrow: Conjunction): ReadonlySet<JsonType> {
  let types: ReadonlySet<JsonType> = new Set(["null", "boolean", "string", "number", "array", "object"]);
  for (const { schema } of narrow) {
    const declared = declaredTypes(schema);
    if (declared !== undefined) types = intersection(types, declared);
  }
  return types;
}

/** The types that a schema names, undefined where it names none. */
export function declaredTypes({ type }: SchemaObject): ReadonlySet<JsonType> | undefined {
  if (typeof type === "string") return new Set([type as JsonType]);
  return Array.isArray(type) ? new Set(type as JsonType[]) : undefined;
}

function intersection(left: ReadonlySet<JsonType>, right: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  const both = [...left].filter((type) => right.has(type) || (type === "integer" && right.has("number")));
  const integer = left.has("number") && !right.has("number") && right.has("integer");
  return new Set(integer ? [...both, "integer"] : both);
}

/** The values that it can be at most, where those can be counted. */
export function finiteValues(narrow: Conjunction, types: ReadonlySet<JsonType>): readonly unknown[] | undefined {
  for (const { schema } of narrow) {
    if (Object.hasOwn(schema, "const")) return [schema["const"]];
    if (Array.isArray(schema["enum"])) return schema["enum"];
  }
  if ([...types].some((type) => type !== "null" && type !== "boolean")) return undefined;
  return [...(types.has("null") ? [null] : []), ...(types.has("boolean") ? [true, false] : [])];
}

/** The numbers that a keyword has in these schemas. */
export function numbersOf(narrow: Conjunction, keyword: string): readonly number[] {
  return narrow.map(({ schema }) => schema[keyword]).filter((value) => typeof value === "number");
}
