/** A JSON Schema as far as the command line needs it. */
export interface ArgumentSchema {
  readonly [keyword: string]: unknown;
}

const WITHIN = ["anyOf", "oneOf", "allOf"] as const;

/** The arguments of an input schema by name, those of its alternatives included. */
export function argumentsOf(schema: ArgumentSchema): Map<string, ArgumentSchema> {
  const found = new Map<string, ArgumentSchema>();
  for (const branch of [schema, ...branchesOf(schema)]) {
    for (const [name, property] of Object.entries((branch["properties"] ?? {}) as Record<string, ArgumentSchema>)) {
      if (!found.has(name)) found.set(name, property);
    }
  }
  return found;
}

/** The JSON types that a value may have; empty where the schema does not say. */
export function typesOf(schema: ArgumentSchema): ReadonlySet<string> {
  const types = new Set<string>();
  const { type } = schema;
  for (const each of Array.isArray(type) ? type : [type]) if (typeof each === "string") types.add(each);
  const constants = schema["const"] === undefined ? schema["enum"] : [schema["const"]];
  for (const value of Array.isArray(constants) ? constants : []) types.add(value === null ? "null" : typeof value);
  for (const branch of branchesOf(schema)) for (const each of typesOf(branch)) types.add(each);
  return types;
}

function branchesOf(schema: ArgumentSchema): ArgumentSchema[] {
  return WITHIN.flatMap((keyword) => (schema[keyword] ?? []) as ArgumentSchema[]);
}
