import type { DefinitionPlace } from "../../define/definition-error.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import type { JsonSchema } from "../../define/schema.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { type ApiPaging, withCursor, withPage } from "./answers/paging.ts";
import { refuseLostPages } from "./answers/refuse-lost-pages.ts";
import type { ResultForm } from "./answers/to-result.ts";
import { type ApiDocument, objectOf } from "./document/api-document.ts";
import { findOperation, type Operation } from "./document/operations.ts";
import type { DerivedSchema, OperationOptions } from "./operation-options.ts";
import type { RequestShape } from "./requests/build-request.ts";
import { fieldsOf, type InputField, type RequestFields } from "./requests/input-fields.ts";
import { findField, serveFields } from "./requests/served-fields.ts";
import { inputSchemaOf } from "./schemas/input-schema.ts";
import { deriveOutput } from "./schemas/output-schema.ts";
import { pickFields } from "./schemas/pick-fields.ts";
import { refuseBottomless } from "./schemas/refuse-bottomless.ts";
import { SchemaConverter } from "./schemas/schema-converter.ts";
import { usedDefinitions } from "./schemas/used-definitions.ts";

/** What the operations of one domain have in common. */
export interface ApiParts {
  readonly document: ApiDocument;
  readonly basePath: string;
  /** True where the author has said where the API is: then that holds for every operation. */
  readonly addressIsSaid: boolean;
  readonly idempotencyHeader: string | undefined;
}

/** How a page is asked for. */
export interface CompiledPaging {
  readonly paging: ApiPaging;
  readonly field: InputField;
}

/** An operation as it is served: what it takes, what it gives, and how requests and results are made. */
export interface CompiledOperation {
  readonly operation: Operation;
  readonly shape: RequestShape;
  readonly form: ResultForm;
  readonly input: JsonSchema<JsonObject>;
  readonly paging: CompiledPaging | undefined;
}

/** A request of an operation, before anything is said of how it is served. */
export interface RequestParts {
  readonly operation: Operation;
  readonly template: string;
  readonly fields: RequestFields;
  readonly converter: SchemaConverter;
}

/** What requests of an operation are made of; refuses one that is elsewhere, or whose path has a hole. */
export function requestParts(api: ApiParts, name: string, place: DefinitionPlace): RequestParts {
  const document = { ...api.document, place };
  const operation = findOperation(document, name, place);
  if (operation.servers !== undefined && !api.addressIsSaid) {
    throw new DefinitionError(
      place,
      "its document has another address for it than for the rest.",
      "Serve it in an openapi domain of its own, with that address as baseUrl.",
    );
  }
  const converter = new SchemaConverter(document, "input");
  const fields = fieldsOf(converter, operation);
  const holes = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, hole = ""]) => hole);
  const missing = holes.find((hole) => !fields.fields.some((field) => field.place === "path" && field.name === hole));
  if (missing !== undefined) {
    throw new DefinitionError(place, `its path ${operation.path} has no parameter "${missing}".`, "Mend the document.");
  }
  return { operation, template: `${api.basePath}${encodeLiterals(operation.path)}`, fields, converter };
}

/** Everything about an operation that is known before it is called. */
export function compileOperation(
  api: ApiParts,
  {
    name,
    options,
    paging,
  }: { readonly name: string; readonly options: OperationOptions; readonly paging: ApiPaging | undefined },
  place: DefinitionPlace,
): CompiledOperation {
  const { operation, template, fields, converter } = requestParts(api, name, place);
  const pageField =
    paging === undefined ? undefined : findField(fields.fields, paging.param, { setting: "page", place });
  const header = api.idempotencyHeader?.toLowerCase();
  const kept = (field: InputField): boolean =>
    field === pageField || (field.place === "header" && field.name.toLowerCase() === header);
  const served = serveFields(fields, options, { place, kept });
  refuseBottomless(converter.definitions, place);
  const own = inputSchemaOf({ served: served.served, fields, definitions: converter.definitions }, options, place);
  return {
    operation,
    shape: { method: operation.method, template, body: fields.body, ...served },
    form: resultForm(api, { operation, options, paging }, place),
    input: (paging === undefined ? own : withCursor(own, place)) as JsonSchema<JsonObject>,
    paging: paging && pageField && { paging, field: pageField },
  };
}

function resultForm(
  { document }: ApiParts,
  {
    operation,
    options,
    paging,
  }: { readonly operation: Operation; readonly options: OperationOptions; readonly paging: ApiPaging | undefined },
  place: DefinitionPlace,
): ResultForm {
  const converter = new SchemaConverter({ ...document, place }, "output");
  const { shape, schema, mayBeEmpty } = deriveOutput(converter, operation);
  const { definitions } = converter;
  refuseBottomless(definitions, place);
  if (paging !== undefined) refuseLostPages(paging, { shape, schema }, { definitions, place });
  const picked = options.pick === undefined ? schema : pickFields(schema, options.pick, { definitions, place });
  const derived = { properties: {}, required: [], ...picked, $defs: definitions };
  const copy = structuredClone(derived) as unknown as DerivedSchema;
  const edited = usedDefinitions(options.output === undefined ? copy : options.output(copy));
  const output = Object.keys(objectOf(edited["properties"])).length > 0 ? edited : withoutProperties(edited);
  return { shape, mayBeEmpty, output: paging === undefined ? output : withPage(output, place) };
}

/** An object of which nothing is known may have any field. */
function withoutProperties({ properties: _none, ...rest }: JsonSchema): JsonSchema {
  return rest;
}

/** Of a path's template everything that is no parameter stands as it is, but for what an address cannot hold. */
function encodeLiterals(path: string): string {
  return path.replaceAll(/\{[^}]*\}|[^{]+/g, (piece) => (piece.startsWith("{") ? piece : encodeURI(decodable(piece))));
}

function decodable(piece: string): string {
  try {
    return decodeURI(piece);
  } catch {
    return piece;
  }
}
