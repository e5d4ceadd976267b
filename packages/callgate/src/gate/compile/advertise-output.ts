import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { embedSchema } from "./embed-schema.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { refuseTaken } from "./refuse-taken.ts";

/** What the gate may add to a tool's own output. */
export interface OutputParts {
  readonly include: Readonly<Record<string, JsonSchemaObject>>;
  readonly page: string | undefined;
  readonly write: boolean;
  /** Whether its work becomes a task, which is what a client may be told of instead of the result. */
  readonly long: boolean;
}

const PAGE: JsonSchemaObject = {
  type: "object",
  description: "There is more: call again with the same arguments and this cursor.",
  properties: {
    returned: { type: "integer" },
    total: { type: "integer" },
    cursor: { type: "string" },
  },
  required: ["returned", "total"],
  additionalProperties: false,
};

/** A slice of an array with one of these might not fit the schema that the whole one fits. */
const BOUND_TO_WHOLE = ["minItems", "prefixItems", "contains"];

const PREVIEW: JsonSchemaObject = {
  type: "object",
  description: "What a dry_run answers.",
  properties: {
    dry_run: { const: true },
    preview: { type: "object" },
    preview_hash: { type: "string" },
    approval: { enum: ["client", "owner", "operator", "two"], description: "Who has to agree before it is done." },
  },
  required: ["dry_run", "preview", "preview_hash"],
  additionalProperties: false,
};

/** What a client that knows no tasks is answered where the work takes longer than it waits. */
const TASK: JsonSchemaObject = {
  type: "object",
  description: "The work goes on as a task: call the tool named in `next` to see how far it is, and to get its result.",
  properties: {
    task: {
      type: "object",
      properties: { task_id: { type: "string" }, status: { type: "string" } },
      required: ["task_id", "status"],
    },
    next: {
      type: "object",
      properties: { tool: { type: "string" }, arguments: { type: "object" }, after_ms: { type: "integer" } },
      required: ["tool", "arguments"],
    },
  },
  required: ["task", "next"],
  additionalProperties: false,
};

/** The output as clients validate it: always holds, whatever of result, optional parts, page, preview or task is answered. */
export function advertiseOutput(own: JsonSchemaObject, parts: OutputParts, place: DefinitionPlace): JsonSchemaObject {
  const union = own["oneOf"] !== undefined || own["anyOf"] !== undefined;
  if (own["type"] !== "object" && !union) {
    throw new DefinitionError(
      place,
      "its output is not an object.",
      "Put the value into a field, e.g. { items: [...] }.",
    );
  }
  if (union && Object.keys(parts.include).length > 0) {
    throw new DefinitionError(
      place,
      "its output is a union, which cannot take `include` parts.",
      "Make the output one object.",
    );
  }
  const result = union ? { type: "object", ...own } : withOptionalFields(own, parts, place);
  if (!parts.write && !parts.long) return result;
  const { schema, definitions } = embedSchema(result, "result");
  const others = [...(parts.write ? [PREVIEW] : []), ...(parts.long ? [TASK] : [])];
  return { type: "object", anyOf: [schema, ...others], ...definitionsOf(definitions) };
}

function definitionsOf(definitions: Readonly<Record<string, unknown>>): { $defs?: object } {
  return Object.keys(definitions).length > 0 ? { $defs: definitions } : {};
}

function withOptionalFields(own: JsonSchemaObject, parts: OutputParts, place: DefinitionPlace): JsonSchemaObject {
  const properties = (own["properties"] ?? {}) as Record<string, JsonSchemaObject>;
  const embedded = Object.entries(parts.include).map(([name, schema]) => [name, embedSchema(schema, name)] as const);
  const added: Record<string, JsonSchemaObject> = Object.fromEntries(
    embedded.map(([name, { schema }]) => [name, schema]),
  );
  if (parts.page !== undefined) added["page"] = PAGE;
  refuseTaken({ side: "output", names: Object.keys(added) }, own, place);
  const moved = Object.assign({}, ...embedded.map(([, { definitions }]) => definitions)) as Record<string, unknown>;
  const definitions = { ...(own["$defs"] as object | undefined), ...moved };
  return { ...own, properties: { ...properties, ...added }, ...definitionsOf(definitions) };
}

/** The one array of an output that may be cut into pages; undefined where there is none or it is not clear which. */
export function pagedField(
  output: JsonSchemaObject | undefined,
  inputFields: Readonly<Record<string, unknown>>,
): string | undefined {
  const properties = (output?.["properties"] ?? {}) as Record<string, JsonSchemaObject>;
  if (Object.hasOwn(properties, "page") || Object.hasOwn(inputFields, "cursor")) return undefined;
  const arrays = Object.entries(properties).filter(([, schema]) => schema["type"] === "array");
  const [name, schema] = arrays[0] ?? [];
  return arrays.length === 1 && !BOUND_TO_WHOLE.some((keyword) => schema?.[keyword] !== undefined) ? name : undefined;
}
