import { CallError } from "../../../define/call-error.ts";
import type { Subject } from "../../../define/subject.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import type { ApiBody, BodyDefinition } from "./body.ts";
import type { InputField } from "./input-fields.ts";
import type { ServedFields } from "./served-fields.ts";
import { unsayable } from "./unsayable.ts";
import { writeCookie, writeHeader, writePath, writeQuery } from "./write-parameter.ts";

/** A request as it will be sent, but for the credential. It is JSON: a plan holds it. */
export interface ApiRequest {
  readonly method: string;
  /** From the origin on, percent-encoded, without a query. */
  readonly path: string;
  /** `name=value` pieces joined by `&`; empty where there are none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: ApiBody;
}

/** What requests of an operation are made by. */
export interface RequestShape extends ServedFields {
  readonly method: string;
  /** The whole template, the API's base path before it. */
  readonly template: string;
  readonly body: BodyDefinition | undefined;
}

/** Values of a request, each with its field. */
type Values = readonly (readonly [field: InputField, value: unknown])[];

/** What a request says beside its arguments. */
export interface BesideArguments {
  /** For whom it is; undefined where the gate asks for itself. */
  readonly subject: Subject | undefined;
  /** Where in a list it goes on. */
  readonly page?: readonly [field: InputField, start: string | number];
}

/** The request for these arguments, by the names that callers know. Throws `invalid_arguments` for what cannot be said. */
export function buildRequest(shape: RequestShape, input: JsonObject, { subject, page }: BesideArguments): ApiRequest {
  const given = shape.served.map((field) => [field, ownValue(input, field.servedName)] as const);
  const fixed = shape.fixed.map((field) => [field, fixedValue(field, subject)] as const);
  const paged = page === undefined ? [] : [page];
  return requestOf(
    shape,
    [...given, ...fixed, ...paged].filter(([, value]) => value !== undefined),
  );
}

/** The request for these values. Callers' names are gone by now. */
export function requestOf(shape: Omit<RequestShape, keyof ServedFields>, values: Values): ApiRequest {
  const at = (place: InputField["place"]): Values => values.filter(([field]) => field.place === place);
  const cookies = at("cookie").map(([{ style }, value]) => style && writeCookie(style, value));
  const headers = at("header").map(([{ style, name }, value]) => [
    name.toLowerCase(),
    style && writeHeader(style, value),
  ]);
  const body = bodyFrom(shape.body, at("body"), at("content"));
  return {
    method: shape.method,
    path: pathFrom(shape.template, at("path")),
    query: queryFrom(at("query")),
    headers: Object.fromEntries([
      ...headers,
      ...(cookies.length > 0 ? [["cookie", cookies.join("; ")]] : []),
    ]) as Record<string, string>,
    ...(body !== undefined && { body }),
  };
}

/** The same request with these fields in its body too, where the operation takes one, also where this one had none. */
export function withBodyFields(
  { body: definition }: RequestShape,
  request: ApiRequest,
  fields: JsonObject,
): ApiRequest {
  if (definition === undefined) return request;
  const { mediaType, kind, styles } = definition;
  const { body = { mediaType, kind, styles, value: {} } } = request;
  return { ...request, body: { ...body, value: { ...(body.value as object), ...fields } } };
}

/** The path as it would be sent, but for what the config puts in. */
export function templateWith({ template, served }: RequestShape, input: JsonObject): string {
  return template.replaceAll(/\{([^}]+)\}/g, (hole, name: string) => {
    const field = served.find((each) => each.place === "path" && each.name === name);
    return field?.style === undefined ? hole : writePath(field.style, ownValue(input, field.servedName));
  });
}

/** The value of an argument, whose name may be one that every object knows. */
export function ownValue(input: JsonObject, name: string): unknown {
  return Object.hasOwn(input, name) ? input[name] : undefined;
}

function fixedValue(field: ServedFields["fixed"][number], subject: Subject | undefined): unknown {
  const { value } = field;
  if (typeof value !== "function") return value;
  // Nobody's call is made by probes of the gate alone.
  if (subject === undefined) return undefined;
  const found = value({ subject });
  if (found !== undefined && found !== null && found !== "") return found;
  // Without it the call would reach further than it may.
  throw new CallError("not_allowed", `There is no ${field.name} for this caller.`, {
    category: "security",
    next: "Ask the people who run this.",
  });
}

function pathFrom(template: string, values: Values): string {
  const texts = new Map(values.map(([{ name, style }, value]) => [name, style && writePath(style, value)]));
  const path = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const text = texts.get(name);
    if (text === undefined) throw unsayable(name, "it is part of the address and has no value");
    return text;
  });
  // Two texts that are harmless alone may be a way out side by side.
  if (path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
    throw unsayable(values.map(([{ name }]) => name).join(", "), "it may not be a way to another place");
  }
  return path;
}

/** An object whose fields stand in the query by their own names may not bring the name of another parameter. */
function queryFrom(values: Values): string {
  const pieces = values.map(([field, value]) => ({ field, pieces: field.style ? writeQuery(field.style, value) : [] }));
  const owners = new Map(pieces.map(({ field }) => [encodeURIComponent(field.name), field]));
  for (const { field, pieces: own } of pieces) {
    const name = own
      .map((piece) => piece.slice(0, piece.indexOf("=")))
      .find((key) => (owners.get(key) ?? field) !== field);
    if (name !== undefined) throw unsayable(field.name, `"${name}" is another parameter`);
  }
  return pieces.flatMap(({ pieces: own }) => own).join("&");
}

function bodyFrom(definition: BodyDefinition | undefined, fields: Values, whole: Values): ApiBody | undefined {
  if (definition === undefined) return undefined;
  const { mediaType, kind, styles, required } = definition;
  const [content] = whole;
  if (content !== undefined) return { mediaType, kind, styles, value: content[1] };
  if (fields.length === 0 && !required) return undefined;
  if (fields.length === 0 && definition.kind === "text") return undefined;
  const value = Object.fromEntries(fields.map(([{ name }, field]) => [name, field]));
  return { mediaType, kind, styles, value };
}
