import { toCanonicalJson } from "../../ledger/digest.ts";
import { declaredTypes } from "./conjunction.ts";
import { ownMember } from "./own-member.ts";
import type { SchemaNode } from "./schema-document.ts";
import { isSilent } from "./silent-keywords.ts";

/** Whether a value is taken: undefined where that cannot be told here, as of formats. */
type Fit = boolean | undefined;
type Judge = (node: SchemaNode, value: never, depth: number) => Fit;

const MOST_DEPTH = 64;

/** Whether one value meets a schema; undefined where that cannot be told. */
export function fits(node: SchemaNode, value: unknown, depth = 0): Fit {
  if (depth > MOST_DEPTH) return undefined;
  return every(Object.keys(node.schema), (keyword) => {
    const judge = ownMember(judges, keyword);
    if (judge !== undefined) return judge(node, value as never, depth + 1);
    const own = ownMember(judgesByType[typeName(value)], keyword);
    if (own !== undefined) return own(node, value as never, depth + 1);
    return isSilent(keyword) || isOfOtherType(keyword, value) ? true : undefined;
  });
}

function every<Item>(items: Iterable<Item>, judge: (item: Item) => Fit): Fit {
  let unclear = false;
  for (const item of items) {
    const fit = judge(item);
    if (fit === false) return false;
    unclear ||= fit === undefined;
  }
  return unclear ? undefined : true;
}

function not(fit: Fit): Fit {
  return fit === undefined ? undefined : !fit;
}

function count<Item>(
  items: Iterable<Item>,
  judge: (item: Item) => Fit,
): { readonly least: number; readonly most: number } {
  const all = [...items].map(judge);
  const least = all.filter((fit) => fit === true).length;
  return { least, most: least + all.filter((fit) => fit === undefined).length };
}

function between({ least, most }: { readonly least: number; readonly most: number }, low: number, high: number): Fit {
  if (most < low || least > high) return false;
  return least >= low && most <= high ? true : undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isOfOtherType(keyword: string, value: unknown): boolean {
  if (keyword === "format") return false;
  const own = typeName(value);
  return Object.entries(judgesByType).some(([type, byKeyword]) => type !== own && Object.hasOwn(byKeyword, keyword));
}

function parts(node: SchemaNode, keyword: string): readonly SchemaNode[] {
  return (node.schema[keyword] as readonly unknown[]).map((_, index) => node.document.child(node, keyword, index));
}

const judges: Readonly<Record<string, Judge>> = {
  type: ({ schema }, value: unknown) => {
    const types = declaredTypes(schema);
    const own = typeName(value);
    return types === undefined || types.has(own as never) || (types.has("integer") && Number.isInteger(value));
  },
  const: ({ schema }, value) => toCanonicalJson(schema["const"]) === toCanonicalJson(value),
  enum: ({ schema }, value) =>
    (schema["enum"] as readonly unknown[]).some((each) => toCanonicalJson(each) === toCanonicalJson(value)),
  $ref: (node, value, depth) => {
    const target = node.document.resolve(node);
    return target && fits(target, value, depth);
  },
  allOf: (node, value, depth) => every(parts(node, "allOf"), (part) => fits(part, value, depth)),
  anyOf: (node, value, depth) =>
    between(
      count(parts(node, "anyOf"), (part) => fits(part, value, depth)),
      1,
      Infinity,
    ),
  oneOf: (node, value, depth) =>
    between(
      count(parts(node, "oneOf"), (part) => fits(part, value, depth)),
      1,
      1,
    ),
  not: (node, value, depth) => not(fits(node.document.child(node, "not"), value, depth)),
  if: (node, value, depth) => {
    const holds = fits(node.document.child(node, "if"), value, depth);
    const branch = (keyword: string): Fit =>
      Object.hasOwn(node.schema, keyword) ? fits(node.document.child(node, keyword), value, depth) : true;
    if (holds === undefined) return every(["then", "else"], branch) === true ? true : undefined;
    return branch(holds ? "then" : "else");
  },
};

type JsonRecord = Readonly<Record<string, unknown>>;

const numberJudges: Readonly<Record<string, Judge>> = {
  minimum: ({ schema }, value: number) => value >= (schema["minimum"] as number),
  maximum: ({ schema }, value: number) => value <= (schema["maximum"] as number),
  exclusiveMinimum: ({ schema }, value: number) => value > (schema["exclusiveMinimum"] as number),
  exclusiveMaximum: ({ schema }, value: number) => value < (schema["exclusiveMaximum"] as number),
  multipleOf: ({ schema }, value: number) => {
    const step = schema["multipleOf"] as number;
    // Validators differ in how they round fractions.
    return Number.isSafeInteger(step) && Number.isSafeInteger(value) ? value % step === 0 : undefined;
  },
};

const stringJudges: Readonly<Record<string, Judge>> = {
  minLength: ({ schema }, value: string) => Array.from(value).length >= (schema["minLength"] as number),
  maxLength: ({ schema }, value: string) => Array.from(value).length <= (schema["maxLength"] as number),
  pattern: ({ schema, document }, value: string) => document.patterns.matches(String(schema["pattern"]), value),
};

const arrayJudges: Readonly<Record<string, Judge>> = {
  minItems: ({ schema }, value: readonly unknown[]) => value.length >= (schema["minItems"] as number),
  maxItems: ({ schema }, value: readonly unknown[]) => value.length <= (schema["maxItems"] as number),
  uniqueItems: ({ schema }, value: readonly unknown[]) =>
    schema["uniqueItems"] !== true || new Set(value.map(toCanonicalJson)).size === value.length,
  prefixItems: (node, value: readonly unknown[], depth) =>
    every(parts(node, "prefixItems").slice(0, value.length).entries(), ([index, part]) =>
      fits(part, value[index], depth),
    ),
  items: (node, value: readonly unknown[], depth) => {
    const prefix = (node.schema["prefixItems"] as readonly unknown[] | undefined)?.length ?? 0;
    return every(value.slice(prefix), (item) => fits(node.document.child(node, "items"), item, depth));
  },
  contains: (node, value: readonly unknown[], depth) => {
    const { minContains = 1, maxContains = Infinity } = node.schema as { minContains?: number; maxContains?: number };
    const found = count(value, (item) => fits(node.document.child(node, "contains"), item, depth));
    return between(found, minContains, maxContains);
  },
};

const objectJudges: Readonly<Record<string, Judge>> = {
  required: ({ schema }, value: JsonRecord) =>
    (schema["required"] as readonly string[]).every((name) => Object.hasOwn(value, name)),
  minProperties: ({ schema }, value: JsonRecord) => Object.keys(value).length >= (schema["minProperties"] as number),
  maxProperties: ({ schema }, value: JsonRecord) => Object.keys(value).length <= (schema["maxProperties"] as number),
  properties: (node, value: JsonRecord, depth) =>
    every(Object.keys(node.schema["properties"] as JsonRecord), (name) =>
      Object.hasOwn(value, name) ? fits(node.document.child(node, "properties", name), value[name], depth) : true,
    ),
  patternProperties: (node, value: JsonRecord, depth) =>
    every(Object.keys(node.schema["patternProperties"] as JsonRecord), (pattern) =>
      every(Object.keys(value), (name) => {
        const match = node.document.patterns.matches(pattern, name);
        if (match === false) return true;
        const fit = fits(node.document.child(node, "patternProperties", pattern), value[name], depth);
        return match === true || fit === true ? fit : undefined;
      }),
    ),
  additionalProperties: (node, value: JsonRecord, depth) => {
    const { properties = {}, patternProperties = {} } = node.schema as Record<string, JsonRecord | undefined>;
    return every(Object.keys(value), (name) => {
      if (Object.hasOwn(properties, name)) return true;
      const matches = Object.keys(patternProperties).map((pattern) => node.document.patterns.matches(pattern, name));
      if (matches.includes(true)) return true;
      const fit = fits(node.document.child(node, "additionalProperties"), value[name], depth);
      return matches.includes(undefined) && fit === false ? undefined : fit;
    });
  },
  propertyNames: (node, value: JsonRecord, depth) =>
    every(Object.keys(value), (name) => fits(node.document.child(node, "propertyNames"), name, depth)),
  dependentRequired: ({ schema }, value: JsonRecord) =>
    Object.entries(schema["dependentRequired"] as Record<string, readonly string[]>).every(
      ([name, others]) => !Object.hasOwn(value, name) || others.every((other) => Object.hasOwn(value, other)),
    ),
  dependentSchemas: (node, value: JsonRecord, depth) =>
    every(Object.keys(node.schema["dependentSchemas"] as JsonRecord), (name) =>
      Object.hasOwn(value, name) ? fits(node.document.child(node, "dependentSchemas", name), value, depth) : true,
    ),
};

const judgesByType: Readonly<Record<string, Readonly<Record<string, Judge>>>> = {
  number: numberJudges,
  string: stringJudges,
  array: arrayJudges,
  object: objectJudges,
};
