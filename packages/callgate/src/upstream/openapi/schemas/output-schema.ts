import { DefinitionError } from "../../../define/definition-error.ts";
import type { JsonSchema } from "../../../define/schema.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type ApiDocument, isObject, objectOf, resolve } from "../document/api-document.ts";
import type { Operation } from "../document/operations.ts";
import { flatObject } from "./flat-object.ts";
import type { Converted, SchemaConverter } from "./schema-converter.ts";

/** How an answer's body becomes a result, which is always an object. */
export type ResultShape =
  /** It is one already. */
  | "object"
  /** A list, under `items`. */
  | "items"
  /** Any other value, under `result`. */
  | "result"
  /** No JSON: under `text`, or only the status. */
  | "text"
  | "status";

export interface DerivedOutput {
  readonly shape: ResultShape;
  readonly schema: JsonObject;
  /** The document has answers without a body too, beside those that the schema is of. */
  readonly mayBeEmpty: boolean;
}

const STATUS: JsonObject = { type: "object", properties: { status: { type: "integer" } }, required: ["status"] };
const TEXT: JsonObject = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };

/** The output of an operation, from what its document says of answers that are 2xx. */
export function deriveOutput(converter: SchemaConverter, operation: Operation): DerivedOutput {
  const answers = successesOf(converter.document, operation);
  if (operation.method === "HEAD" || answers.every(({ content }) => content.length === 0)) {
    return { shape: "status", schema: STATUS, mayBeEmpty: false };
  }
  const json = answers.flatMap(({ content }) => content.filter(([type]) => /[/+]json\b|^\*\/\*/i.test(type)));
  if (json.length === 0) {
    refuseBytes(converter.document, answers);
    return { shape: "text", schema: TEXT, mayBeEmpty: false };
  }
  return { ...ofJson(converter, json), mayBeEmpty: answers.some(({ content }) => content.length === 0) };
}

/** A result of this schema, or the status alone where an answer has no body. */
export function orStatus({ $defs, ...schema }: JsonSchema): JsonSchema {
  return { type: "object", anyOf: [schema, STATUS], ...($defs !== undefined && { $defs }) };
}

/** Files and streams, which are no text. */
const BYTES =
  /^(?:text\/event-stream|(?:image|audio|video|font|multipart)\/|application\/(?:octet-stream|pdf|zip|gzip|x-tar|vnd\.(?:ms-|openxmlformats-)))/i;

function refuseBytes({ place }: ApiDocument, answers: readonly Success[]): void {
  const types = answers.flatMap(({ content }) => content.map(([type]) => type));
  if (!types.every((type) => BYTES.test(type))) return;
  throw new DefinitionError(
    place,
    `its answer is ${types.join(", ")}.`,
    "JSON and text can be served; write a tool of your own for anything else.",
  );
}

type Derived = Pick<DerivedOutput, "shape" | "schema">;

function ofJson(converter: SchemaConverter, json: readonly Media[]): Derived {
  const schemas = new Map(
    json.map(([, media]) => [JSON.stringify(objectOf(media)["schema"] ?? {}), objectOf(media)["schema"] ?? {}]),
  );
  if (schemas.size > 1) {
    const anyOf = [...schemas.values()].map((schema) => converter.convert(schema));
    return { shape: "result", schema: wrapped("result", { anyOf }) };
  }
  return shaped(converter, [...schemas.values()][0]);
}

function shaped(converter: SchemaConverter, schema: unknown): Derived {
  const flat = flatObject(converter, schema);
  if (flat !== undefined) {
    const { properties, required } = flat;
    const own = { type: "object", properties: Object.fromEntries(properties) };
    return { shape: "object", schema: { ...own, ...(required.size > 0 && { required: [...required] }) } };
  }
  const plain = isObject(schema) ? resolve(converter.document, schema) : {};
  const converted = converter.convert(plain);
  if (isObject(converted) && converted["type"] === "array")
    return { shape: "items", schema: wrapped("items", converted) };
  if (isObject(converted) && converted["type"] === "object") return { shape: "object", schema: converted };
  return { shape: "result", schema: wrapped("result", converter.convert(schema ?? {})) };
}

function wrapped(name: string, schema: Converted): JsonObject {
  return { type: "object", properties: { [name]: schema === true ? {} : schema }, required: [name] };
}

type Media = readonly [mediaType: string, media: unknown];

interface Success {
  readonly content: readonly Media[];
}

function successesOf(document: ApiDocument, operation: Operation): readonly Success[] {
  return Object.entries(objectOf(operation.definition["responses"]))
    .filter(([status]) => /^2(?:\d\d|XX)$/i.test(status))
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([, response]) => ({ content: Object.entries(objectOf(resolve(document, response)["content"])) }));
}
