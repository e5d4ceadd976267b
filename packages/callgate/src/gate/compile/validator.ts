import type { ValidateFunction } from "ajv/dist/2020.js";
import { after, type MaybePromise } from "../../define/maybe-promise.ts";
import type { Schema } from "../../define/schema.ts";
import { compileSchema } from "./ajv.ts";
import { forgetTries, TextTooLong } from "./bounded-pattern.ts";
import { forgetSteps, TooManySteps } from "./bounded-steps.ts";
import { type Issue, toIssue } from "./issue.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { slowPartsOf } from "./slow-parts.ts";

/** The value as the schema gives it, with defaults filled in; or what is wrong. */
export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Validates by the schema's own library, or by ajv for plain JSON Schema. */
export type Validator = (value: unknown) => MaybePromise<Validated>;

/** More than anybody is told; forms that refer to themselves may have thousands. */
const MOST_ISSUES = 100;

interface StandardProps {
  readonly validate: (value: unknown) => MaybePromise<StandardResult>;
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };
interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A plain JSON Schema is compiled by the first value, not when the gate starts. */
export function toValidator(schema: Schema): Validator {
  return "~standard" in schema ? standardValidator(schema["~standard"] as StandardProps) : jsonSchemaValidator(schema);
}

/** The same for what callers send; the JSON Schema, which says the same, bounds what a library's own patterns are tried on. */
export function toInputValidator(schema: Schema, json: JsonSchemaObject): Validator {
  const validate = toValidator(schema);
  if (!("~standard" in schema)) return validate;
  let bounded: Validator | undefined;
  return (value) => (bounded ??= withBounds(validate, json))(value);
}

function withBounds(validate: Validator, json: JsonSchemaObject): Validator {
  const slow = slowPartsOf(json);
  if (slow === undefined) return validate;
  const bounds = jsonSchemaValidator(slow);
  return (value) => {
    const tried = bounds(value);
    return tried.ok ? validate(value) : tried;
  };
}

function standardValidator(standard: StandardProps): Validator {
  return (value) => {
    return after(standard.validate(value), fromStandard);
  };
}

function fromStandard(result: StandardResult): Validated {
  if (result.issues === undefined) return { ok: true, value: result.value };
  return {
    ok: false,
    issues: result.issues.map((issue) => ({
      path: (issue.path ?? []).map((part) => pathPart(typeof part === "object" ? part.key : part)),
      message: issue.message,
    })),
  };
}

function pathPart(key: PropertyKey): string | number {
  return typeof key === "number" ? key : String(key);
}

function jsonSchemaValidator(schema: object): (value: unknown) => Validated {
  let compiled: ValidateFunction | undefined;
  // ajv writes defaults into what it validates; the caller's value stays as it was sent.
  const text = JSON.stringify(schema);
  const writes = text.includes('"default":');
  return (value) => {
    compiled ??= compileSchema(schema, text);
    const own = writes ? structuredClone(value) : value;
    forgetTries();
    forgetSteps();
    try {
      return compiled(own)
        ? { ok: true, value: own }
        : { ok: false, issues: (compiled.errors ?? []).slice(0, MOST_ISSUES).map(toIssue) };
    } catch (error) {
      return { ok: false, issues: [tooMuch(error, own)] };
    }
  };
}

function tooMuch(error: unknown, value: unknown): Issue {
  if (error instanceof TextTooLong) return { path: pathOf(error.text, value) ?? [], message: error.message };
  // A value that is nested thousands of levels deep has no place on the stack.
  if (error instanceof TooManySteps || error instanceof RangeError)
    return { path: [], message: new TooManySteps().message };
  throw error;
}

/** Where a text stands in a value; a name of a field is none. */
function pathOf(text: string, value: unknown): readonly string[] | undefined {
  if (value === text) return [];
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const path = pathOf(text, part);
    if (path !== undefined) return [name, ...path];
  }
  return undefined;
}
