import type { SchemaObject } from "./schema-document.ts";

type Form = (value: unknown) => boolean;

const MALFORMED = "malformed ";
const TYPES: ReadonlySet<unknown> = new Set(["null", "boolean", "string", "number", "integer", "array", "object"]);

const isNumber: Form = (value) => typeof value === "number";
const isText: Form = (value) => typeof value === "string";
const isSwitch: Form = (value) => typeof value === "boolean";
const isRecord: Form = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema: Form = (value) => typeof value === "boolean" || isRecord(value);
const isType: Form = (value) => TYPES.has(value);
const listOf =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && value.every(form);
const someOf =
  (form: Form): Form =>
  (value) =>
    listOf(form)(value) && (value as readonly unknown[]).length > 0;
const recordOf =
  (form: Form): Form =>
  (value) =>
    isRecord(value) && Object.values(value as object).every(form);

function each(keywords: readonly string[], form: Form): Readonly<Record<string, Form>> {
  return Object.fromEntries(keywords.map((keyword) => [keyword, form]));
}

/** What the meta-schema of 2020-12 asks of the keywords that are judged. */
const forms: ReadonlyMap<string, Form> = new Map(
  Object.entries({
    type: (value: unknown) => isType(value) || someOf(isType)(value),
    enum: Array.isArray,
    required: listOf(isText),
    uniqueItems: isSwitch,
    prefixItems: listOf(isSchema),
    dependentRequired: recordOf(listOf(isText)),
    ...each(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"], isNumber),
    ...each(["minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"], isNumber),
    ...each(["minProperties", "maxProperties"], isNumber),
    ...each(["$ref", "pattern"], isText),
    ...each(["allOf", "anyOf", "oneOf"], someOf(isSchema)),
    ...each(["properties", "patternProperties", "dependentSchemas"], recordOf(isSchema)),
    ...each(["items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"], isSchema),
    ...each(["propertyNames", "contains", "not", "if", "then", "else"], isSchema),
  }),
);

/** The same schema, in which keywords whose value is none that they can have are such as nobody knows. */
export function wellFormed(schema: SchemaObject): SchemaObject {
  const isOdd = ([keyword, value]: readonly [string, unknown]): boolean => forms.get(keyword)?.(value) === false;
  const entries = Object.entries(schema);
  if (!entries.some(isOdd)) return schema;
  return Object.fromEntries(entries.map((entry) => (isOdd(entry) ? [`${MALFORMED}${entry[0]}`, entry[1]] : entry)));
}

/** What stands where a schema belongs, and is none. */
export function malformed(value: unknown): SchemaObject {
  return { [`${MALFORMED}schema`]: value };
}

/** A keyword as it is written in the schema. */
export function asWritten(keyword: string): string {
  return keyword.startsWith(MALFORMED) ? keyword.slice(MALFORMED.length) : keyword;
}
