import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { embedSchema } from "./embed-schema.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { refuseTaken } from "./refuse-taken.ts";

/** Which of its own fields the gate serves for a tool; see docs/tools.md. */
export interface ServedFields {
  readonly write: boolean;
  readonly include: readonly string[];
  readonly reason: "optional" | "required" | "off";
  readonly cursor: boolean;
}

/** The gate's own input fields of a tool, by name. */
export function servedProperties(served: ServedFields): Record<string, JsonSchemaObject> {
  const properties: Record<string, JsonSchemaObject> = {};
  if (served.include.length > 0) {
    properties["include"] = {
      type: "array",
      items: { type: "string", enum: served.include },
      description: "Optional parts of the result to add.",
    };
  }
  if (served.cursor) {
    properties["cursor"] = {
      type: "string",
      description: "Goes on after a page: the cursor that it gave, with the same arguments.",
    };
  }
  if (served.write) {
    properties["dry_run"] = { type: "boolean", description: "True: only say what would happen; nothing is changed." };
    properties["preview_hash"] = {
      type: "string",
      description: "From a dry_run: commit only if exactly that would still happen.",
    };
    properties["idempotency_key"] = {
      type: "string",
      minLength: 1,
      maxLength: 200,
      description:
        "Any text of yours that names this one write. The same key never writes twice; use it again to retry.",
    };
  }
  if (served.reason !== "off") {
    properties["reason"] = {
      type: "string",
      maxLength: 1000,
      description: "Why you call this, in a sentence. Kept in the audit.",
    };
  }
  return properties;
}

/**
 * The input as clients see it: the tool's own fields and the gate's, closed against any other. With a union
 * at the root every branch gets the gate's fields.
 */
export function advertiseInput(own: JsonSchemaObject, served: ServedFields, place: DefinitionPlace): JsonSchemaObject {
  const properties = servedProperties(served);
  const required = served.reason === "required" ? ["reason"] : [];
  const branches = unionOf(own);
  if (branches === undefined) return extend(detached(own), { properties, required, place, inBranch: false });
  const { oneOf, anyOf: _anyOf, ...rest } = own;
  const extended = branches.map((branch) =>
    extend(resolve(branch, own), { properties, required, place, inBranch: true }),
  );
  return { ...rest, type: "object", [oneOf === undefined ? "anyOf" : "oneOf"]: extended };
}

/** A schema that refers to itself as a whole means the tool's own fields, without the gate's. */
function detached(own: JsonSchemaObject): JsonSchemaObject {
  if (!JSON.stringify(own).includes('"$ref":"#"')) return own;
  const { definitions } = embedSchema(own, "arguments");
  return { ...definitions["arguments"], $defs: definitions };
}

function unionOf(schema: JsonSchemaObject): readonly JsonSchemaObject[] | undefined {
  const branches = schema["oneOf"] ?? schema["anyOf"];
  return Array.isArray(branches) ? (branches as JsonSchemaObject[]) : undefined;
}

function resolve(branch: JsonSchemaObject, root: JsonSchemaObject): JsonSchemaObject {
  const reference = typeof branch["$ref"] === "string" ? branch["$ref"] : "";
  const name = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference);
  if (name === null) return branch;
  const definitions = root[name[1] as string] as Record<string, JsonSchemaObject> | undefined;
  return definitions?.[name[2] as string] ?? branch;
}

interface Extension {
  readonly properties: Record<string, JsonSchemaObject>;
  readonly required: readonly string[];
  readonly place: DefinitionPlace;
  readonly inBranch: boolean;
}

function extend(schema: JsonSchemaObject, { properties, required, place, inBranch }: Extension): JsonSchemaObject {
  const takesFields = schema["allOf"] === undefined || Object.keys(properties).length === 0;
  if (schema["type"] !== "object" || !takesFields || (inBranch && unionOf(schema) !== undefined)) {
    throw new DefinitionError(
      place,
      "its input is not an object, so the gate cannot add its own fields (dry_run, idempotency_key, reason, …).",
      "Use an object, or a union of objects, as input; put other values into a field.",
    );
  }
  const own = (schema["properties"] ?? {}) as Record<string, JsonSchemaObject>;
  refuseTaken({ side: "input", names: Object.keys(properties) }, schema, place);
  const ownRequired = Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [];
  const allRequired = [...ownRequired, ...required];
  return {
    ...schema,
    properties: { ...own, ...properties },
    ...(allRequired.length > 0 && { required: allRequired }),
    additionalProperties: schema["additionalProperties"] ?? false,
  };
}
