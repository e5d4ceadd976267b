import type { ErrorObject } from "ajv/dist/2020.js";
import type { Schema } from "../define/schema.ts";

/** One thing that is wrong with a value. `path` is empty for the value as a whole. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Validates by the schema's own library, or by ajv for plain JSON Schema, compiled on first use. */
export type Validator = (value: unknown) => Validated | Promise<Validated>;

interface StandardProps {
  readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };
interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export function toValidator(schema: Schema): Validator {
  return "~standard" in schema ? standardValidator(schema["~standard"] as StandardProps) : jsonSchemaValidator(schema);
}

function standardValidator(standard: StandardProps): Validator {
  return (value) => {
    const result = standard.validate(value);
    return result instanceof Promise ? result.then(fromStandard) : fromStandard(result);
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

type CompiledSchema = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };
type Compile = (schema: object) => CompiledSchema;
let compiler: Promise<Compile> | undefined;

/** ajv is loaded when the first plain JSON Schema is used: a gate with none of them starts without it. */
function jsonSchemaCompiler(): Promise<Compile> {
  compiler ??= (async () => {
    const [{ Ajv2020 }, formats] = await Promise.all([import("ajv/dist/2020.js"), import("ajv-formats")]);
    const ajv = new Ajv2020({ allErrors: false, useDefaults: true, strict: false, validateFormats: true });
    formats.default.default(ajv);
    return (schema) => ajv.compile(schema);
  })();
  return compiler;
}

function jsonSchemaValidator(schema: object): Validator {
  let compiled: CompiledSchema | undefined;
  const validate = (value: unknown, check: CompiledSchema): Validated => {
    // ajv writes defaults into what it validates; the caller's value stays as it was sent.
    const own = structuredClone(value);
    return check(own) ? { ok: true, value: own } : { ok: false, issues: (check.errors ?? []).map(fromAjv) };
  };
  return (value) => {
    if (compiled !== undefined) return validate(value, compiled);
    return jsonSchemaCompiler().then((compile) => {
      compiled ??= compile(schema);
      return validate(value, compiled);
    });
  };
}

function fromAjv(error: ErrorObject): Issue {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const missing = error.keyword === "required" ? String(error.params["missingProperty"]) : undefined;
  return { path: missing === undefined ? path : [...path, missing], message: error.message ?? error.keyword };
}
