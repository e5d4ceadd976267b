import { DefinitionError } from "../../../define/definition-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type ApiDocument, isObject, objectOf, objectsOf, textIn } from "../document/api-document.ts";
import type { Operation } from "../document/operations.ts";

export type ParameterPlace = "path" | "query" | "header" | "cookie";

/** How a value is written into a request; OpenAPI 3.1, "Style Values". */
export interface ParameterStyle {
  readonly place: ParameterPlace;
  readonly name: string;
  readonly style: string;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  /** Its value is written as JSON text. */
  readonly json: boolean;
}

/** A parameter of an operation, as its document has it. */
export interface Parameter extends ParameterStyle {
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: unknown;
}

const STYLES: Readonly<Record<ParameterPlace, readonly [string, ...string[]]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
};

/** What the specification leaves to other parts of a document, and what a connection has of itself. */
const NOT_SERVED: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(
  [
    "host connection content-length transfer-encoding te trailer upgrade expect keep-alive",
    "proxy-authorization proxy-connection cookie traceparent tracestate",
  ].flatMap((line) => line.split(" ")),
);

/** The parameters of an operation without those that are no business of a caller: what the API's credential goes in. */
export function parametersOf(document: ApiDocument, operation: Operation): readonly Parameter[] {
  const credentials = credentialPlaces(document);
  return operation.parameters
    .map((definition) => toParameter(document, operation, definition))
    .filter(({ place, name }) => {
      if (place === "header" && NOT_SERVED.has(name.toLowerCase())) return false;
      return !credentials.has(`${place} ${name.toLowerCase()}`);
    });
}

function toParameter(document: ApiDocument, operation: Operation, definition: JsonObject): Parameter {
  const { in: place, name } = definition;
  const refuse = (problem: string, cure: string): never => {
    throw new DefinitionError(document.place, `the parameter "${textIn(name)}" of ${operation.name} ${problem}`, cure);
  };
  if (typeof name !== "string" || typeof place !== "string" || !Object.hasOwn(STYLES, place)) {
    return refuse("has no name, or no place that exists.", "Mend the document.");
  }
  const at = place as ParameterPlace;
  if (at === "header" && OF_THE_CONNECTION.has(name.toLowerCase())) {
    return refuse("is a header that connections set themselves.", "Take it out of the document.");
  }
  if (/[\r\n\0]/.test(name)) return refuse("has a name that cannot be sent.", "Mend the document.");
  const json = Object.entries(objectOf(definition["content"]))[0];
  const style = textIn(definition["style"]) ?? STYLES[at][0];
  if (!STYLES[at].includes(style)) return refuse(`has the style "${style}", which is none of a ${at}.`, "Mend it.");
  if (json !== undefined && !/[/+]json\b/.test(json[0]))
    return refuse(`is written as ${json[0]}.`, "Leave the operation out.");
  return {
    place: at,
    name,
    style,
    explode:
      typeof definition["explode"] === "boolean" ? definition["explode"] : style === "form" || style === "deepObject",
    allowReserved: definition["allowReserved"] === true,
    json: json !== undefined,
    required: at === "path" || definition["required"] === true,
    description: textIn(definition["description"]),
    schema: json === undefined ? (definition["schema"] ?? {}) : (objectOf(json[1])["schema"] ?? {}),
  };
}

/** Where the keys of the API go, by its security schemes. */
function credentialPlaces({ root }: ApiDocument): ReadonlySet<string> {
  const schemes = Object.values(objectOf(objectOf(root["components"])["securitySchemes"])).filter(isObject);
  const keys = objectsOf(schemes).filter(({ type }) => type === "apiKey");
  return new Set(keys.map((key) => `${textIn(key["in"])} ${textIn(key["name"])?.toLowerCase()}`));
}
