import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { follow, referenceSteps } from "../../define/json-pointer.ts";
import type { Schema } from "../../define/schema.ts";
import { isSafePattern } from "../../patterns/safe-pattern.ts";
import { ajv2020 } from "./ajv.ts";
import { forgetSteps } from "./bounded-steps.ts";

/** A JSON Schema object as it is advertised. */
export type JsonSchemaObject = { readonly [keyword: string]: unknown };

const TARGET = { target: "draft-2020-12" } as const;
const MAX_DEPTH = 48;

/** The JSON Schema 2020-12 of a schema, as sent (`input`) or as answered (`output`); refuses what no client could use safely. */
export function toJsonSchema(schema: Schema, side: "input" | "output", place: DefinitionPlace): JsonSchemaObject {
  const converted = "~standard" in schema ? fromStandard(schema, side, place) : { ...schema };
  const { $schema: dialect, ...rest } = converted;
  refuseUnsafe(rest, place);
  refuseDangling(rest, rest, place);
  if (!("~standard" in schema)) refuseInvalid(converted, place);
  // Libraries name the dialect in every schema; an author who writes it by hand means it.
  const named = side === "input" && dialect !== undefined && !("~standard" in schema);
  return named ? { $schema: dialect, ...rest } : rest;
}

function fromStandard(schema: Schema, side: "input" | "output", place: DefinitionPlace): JsonSchemaObject {
  const standard = schema["~standard"] as { jsonSchema?: Record<"input" | "output", (options: object) => object> };
  if (standard.jsonSchema === undefined) {
    throw new DefinitionError(
      place,
      `its ${side} schema cannot be said as JSON Schema.`,
      "Use a library with Standard JSON Schema (zod 4.2 or newer, ArkType 2.1.28, valibot with @valibot/to-json-schema), or JSON Schema itself.",
    );
  }
  try {
    return standard.jsonSchema[side](TARGET) as JsonSchemaObject;
  } catch (error) {
    throw new DefinitionError(
      place,
      `its ${side} schema cannot be said as JSON Schema (${error instanceof Error ? error.message : String(error)}).`,
      "Use only types that JSON has; transform inside the tool.",
    );
  }
}

/** What is written by hand may be no schema at all, or one of another dialect; the first call would find it out. */
function refuseInvalid(schema: JsonSchemaObject, place: DefinitionPlace): void {
  const problem = problemOf(schema);
  if (problem === undefined) return;
  throw new DefinitionError(place, `its schema is not valid: ${problem}.`, "Write it in JSON Schema 2020-12.");
}

function problemOf(schema: JsonSchemaObject): string | undefined {
  try {
    const ajv = ajv2020();
    forgetSteps();
    return ajv.validateSchema(schema) === true ? undefined : ajv.errorsText(ajv.errors, { dataVar: "" });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** SECURITY 25: nothing is fetched, nothing is bottomless, no pattern can hold up the event loop. */
function refuseUnsafe(node: unknown, place: DefinitionPlace, depth = 0): void {
  if (typeof node !== "object" || node === null) return;
  if (depth > MAX_DEPTH) {
    throw new DefinitionError(place, `its schema is nested deeper than ${MAX_DEPTH}.`, "Use $defs to make it flatter.");
  }
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === "$ref" && typeof value === "string" && !value.startsWith("#")) {
      throw new DefinitionError(place, `its schema refers to "${value}".`, "Put what it refers to under $defs.");
    }
    if (keyword === "pattern" && typeof value === "string") refuseSlow(value, place);
    if (keyword === "patternProperties" && typeof value === "object" && value !== null) {
      for (const pattern of Object.keys(value)) refuseSlow(pattern, place);
    }
    refuseUnsafe(value, place, depth + 1);
  }
}

/** A reference to nothing would be found out by the first call, or by the client that compiles what was advertised. */
function refuseDangling(node: unknown, root: JsonSchemaObject, place: DefinitionPlace): void {
  if (typeof node !== "object" || node === null) return;
  for (const [keyword, value] of Object.entries(node)) {
    if (
      keyword === "$ref" &&
      typeof value === "string" &&
      value.startsWith("#/") &&
      follow(root, referenceSteps(value)) === undefined
    ) {
      throw new DefinitionError(place, `its schema refers to "${value}", which is not there.`, "Put it under $defs.");
    }
    refuseDangling(value, root, place);
  }
}

function refuseSlow(pattern: string, place: DefinitionPlace): void {
  if (isSafePattern(pattern)) return;
  throw new DefinitionError(
    place,
    `its pattern ${JSON.stringify(pattern)} can take exponential time, or cannot be judged.`,
    "Take out nested repetitions and alternatives that take the same text, or check inside the tool.",
  );
}
