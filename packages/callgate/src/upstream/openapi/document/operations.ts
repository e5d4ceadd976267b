import { closestTo } from "../../../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type ApiDocument, isObject, objectOf, objectsOf, resolve, textIn } from "./api-document.ts";

/** An operation of an API, as its document has it. */
export interface Operation {
  /** Its `operationId`, or method and path where it has none. */
  readonly name: string;
  /** In capitals. */
  readonly method: string;
  /** The template, as `/pets/{id}`. */
  readonly path: string;
  readonly definition: JsonObject;
  /** Its own parameters and those of its path, references followed. */
  readonly parameters: readonly JsonObject[];
  /** The addresses that the document says for this operation alone; undefined: those of the whole document. */
  readonly servers: unknown;
}

const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "patch", "head", "options"]);

/** Every operation of a document, in its order. */
export function operationsOf(document: ApiDocument): readonly Operation[] {
  return Object.entries(objectOf(document.root["paths"])).flatMap(([path, item]) =>
    path.startsWith("/") ? operationsAt(document, path, resolve(document, item)) : [],
  );
}

function operationsAt(document: ApiDocument, path: string, item: JsonObject): readonly Operation[] {
  const known = Object.keys(item).filter((name) => METHODS.has(name) && isObject(item[name]));
  return known.map((method) => {
    const definition = objectOf(item[method]);
    const id = definition["operationId"];
    return {
      name: typeof id === "string" && id !== "" ? id : `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      definition,
      parameters: parametersOf(document, item, definition),
      servers: definition["servers"] ?? item["servers"],
    };
  });
}

/** An operation's own parameter stands for one of its path that has the same name and place. */
function parametersOf(document: ApiDocument, item: JsonObject, definition: JsonObject): readonly JsonObject[] {
  const all = [...objectsOf(item["parameters"]), ...objectsOf(definition["parameters"])];
  const byName = new Map(
    all.map((each) => {
      const parameter = resolve(document, each);
      return [`${textIn(parameter["in"])} ${textIn(parameter["name"])}`, parameter];
    }),
  );
  return [...byName.values()];
}

/** The operation of that name, by its id or by method and path; a name that is not there is refused with the nearest that is. */
export function findOperation(document: ApiDocument, name: string, place: DefinitionPlace): Operation {
  const operations = operationsOf(document);
  const found = operations.filter((each) => each.name === name || `${each.method} ${each.path}` === name);
  const [operation] = found;
  if (operation !== undefined && found.length === 1) return operation;
  if (operation !== undefined) {
    throw new DefinitionError(
      place,
      `the document has ${found.length} operations of the name "${name}".`,
      `Name it by method and path: ${found.map((each) => `"${each.method} ${each.path}"`).join(" or ")}.`,
    );
  }
  const names = operations.flatMap((each) => [each.name, `${each.method} ${each.path}`]);
  const near = closestTo(name, names);
  throw new DefinitionError(
    place,
    `the document has no operation "${name}".`,
    near === undefined ? `\`callgate openapi list\` shows its ${operations.length}.` : `Did you mean "${near}"?`,
  );
}
