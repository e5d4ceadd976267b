// Keywords that no validator judges by (JSON Schema 2020-12, validation 9): words may be mended at any time.
const WORDS: ReadonlySet<string> = new Set(["title", "description", "examples", "$comment", "deprecated"]);
const HOLDS_NAMES: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
const HOLDS_DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "dependentRequired"]);

/** A schema without its wording: what a value is judged by. */
export function demandsOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(demandsOf);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !WORDS.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, demandsOfKeyword(keyword, value)]));
}

function demandsOfKeyword(keyword: string, value: unknown): unknown {
  if (HOLDS_DATA.has(keyword)) return value;
  if (!HOLDS_NAMES.has(keyword) || typeof value !== "object" || value === null || Array.isArray(value))
    return demandsOf(value);
  const schemas = Object.entries(value);
  return Object.fromEntries(schemas.map(([name, schema]) => [name, demandsOf(schema)]));
}
