import type { Effect } from "../../define/effect.ts";
import { sha256Hex, toCanonicalJson } from "../../ledger/digest.ts";
import type { JsonSchemaObject } from "./json-schema.ts";

/** What a tool takes and gives, in its author's own schemas, before the gate adds its fields. */
export interface Contract {
  readonly name: string;
  readonly effect: Effect;
  readonly input: JsonSchemaObject;
  readonly output: JsonSchemaObject | undefined;
  readonly include: Readonly<Record<string, JsonSchemaObject>>;
}

// Keywords that no validator judges by (JSON Schema 2020-12, validation 9): words may be mended at any time.
const WORDS: ReadonlySet<string> = new Set(["title", "description", "examples", "$comment", "deprecated"]);
const HOLDS_NAMES: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);
const HOLDS_DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "dependentRequired"]);

/** SHA-256 over what a contract demands and promises. Its wording is no part of it, nor is anything that the gate adds. */
export function contractHash({ name, effect, input, output, include }: Contract): string {
  const parts = mapValues(include, demands);
  return sha256Hex(toCanonicalJson({ name, effect, input: demands(input), output: demands(output ?? null), parts }));
}

function demands(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(demands);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !WORDS.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, demandsOf(keyword, value)]));
}

function demandsOf(keyword: string, value: unknown): unknown {
  if (HOLDS_DATA.has(keyword)) return value;
  return HOLDS_NAMES.has(keyword) ? mapValues(value as JsonSchemaObject, demands) : demands(value);
}

function mapValues(
  record: Readonly<Record<string, unknown>>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
