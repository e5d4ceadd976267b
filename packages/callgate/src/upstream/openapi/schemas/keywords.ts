import type { JsonObject } from "../../../wire/exchange.ts";
import type { Side } from "./schema-converter.ts";

/** Of OpenAPI alone, or for people who read the document. */
const NEVER: ReadonlySet<string> = new Set(
  [
    "nullable discriminator xml externalDocs example examples default deprecated readOnly $schema",
    "$comment $defs definitions title",
  ].flatMap((line) => line.split(" ")),
);

/** What APIs say of the values that they answer and do not always keep: a result is not thrown away for that. */
const NOT_OF_ANSWERS: ReadonlySet<string> = new Set(
  [
    "pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems",
    "maxItems uniqueItems contains minContains maxContains minProperties maxProperties propertyNames not",
    "if then else dependentRequired dependentSchemas contentEncoding contentMediaType contentSchema",
  ].flatMap((line) => line.split(" ")),
);

/** Formats that are checked in what is sent; a name beside these says nothing to anybody but the API. */
const FORMATS: ReadonlySet<unknown> = new Set(
  ["date time date-time duration uri uri-reference email hostname ipv4 ipv6 uuid byte int32 int64", "password"].flatMap(
    (line) => line.split(" "),
  ),
);

/**
 * The keywords of a schema that are served. A default becomes words: the API knows it itself, and to send it would
 * overwrite what a partial update leaves alone.
 */
export function keywordsOf(schema: JsonObject, side: Side): JsonObject {
  const kept = Object.entries(schema).filter(([keyword, value]) => {
    if (NEVER.has(keyword) || (keyword.startsWith("x-") && keyword !== "x-callgate-mask")) return false;
    if (keyword === "pattern" && !isPattern(value)) return false;
    // Many documents say `required: true` of a field itself, as JSON Schema once had it: the API knows.
    if (keyword === "required" && !Array.isArray(value)) return false;
    if (keyword === "format") return value === "password" || (side === "input" && FORMATS.has(value));
    if (side === "input") return true;
    return !NOT_OF_ANSWERS.has(keyword) && !(keyword.startsWith("unevaluated") && value === false);
  });
  const examples = side === "input" ? examplesOf(schema) : undefined;
  const description = side === "input" ? describe(schema) : schema["description"];
  return {
    ...Object.fromEntries(kept),
    ...(description !== undefined && { description }),
    ...(examples !== undefined && { examples }),
  };
}

/** What this machine cannot read as a pattern is left to the API, which checks it anyway. */
function isPattern(value: unknown): boolean {
  try {
    new RegExp(String(value), "u").test("");
    return true;
  } catch {
    return false;
  }
}

function examplesOf({ example, examples }: JsonObject): readonly unknown[] | undefined {
  if (Array.isArray(examples)) return examples.slice(0, 2);
  return example === undefined ? undefined : [example];
}

function describe({ description, default: fallback }: JsonObject): unknown {
  if (fallback === undefined || fallback === null) return description;
  const words = `Unless said otherwise: ${JSON.stringify(fallback)}.`;
  return typeof description === "string" && description !== "" ? `${description.trimEnd()} ${words}` : words;
}
