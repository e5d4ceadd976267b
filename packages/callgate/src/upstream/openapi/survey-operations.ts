import { DefinitionError } from "../../define/definition-error.ts";
import { SHORTEST_DESCRIPTION } from "../../settings/tool-kinds.ts";
import { compileOperation } from "./compile-operation.ts";
import { type Operation, operationsOf } from "./document/operations.ts";
import { type DocumentSource, readDocument } from "./document/read-document.ts";
import { descriptionOf, toSnakeCase } from "./tool-words.ts";

/** An operation of a document, and how it would be served. */
export interface SurveyedOperation {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** What the document says of it; empty where it says nothing. */
  readonly summary: string;
  /** The line of `serve` that makes a tool of it. */
  readonly serve: string;
  /** Why it cannot be served as that line says, and the cure. */
  readonly problem: string | undefined;
}

/** Every operation of a document, in its order. Throws `DefinitionError` where it is none of OpenAPI 3.0 or 3.1. */
export function surveyOperations(source: DocumentSource): readonly SurveyedOperation[] {
  const document = readDocument(source, {});
  const api = { document, basePath: "", addressIsSaid: false, idempotencyHeader: undefined };
  return operationsOf(document).map((operation): SurveyedOperation => {
    const summary = descriptionOf(operation, {});
    // A tool that too little is said of is refused: that is left to whoever serves it.
    const options = summary.trim().length < SHORTEST_DESCRIPTION ? { description: "…" } : {};
    const name = `${operation.method} ${operation.path}`;
    return {
      operation: operation.name,
      method: operation.method,
      path: operation.path,
      summary,
      serve: serveLine(operation, options),
      problem: problemOf(() => compileOperation(api, { name, options, paging: undefined }, {})),
    };
  });
}

function problemOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof DefinitionError) return error.message;
    throw error;
  }
}

function serveLine({ name, method, path }: Operation, { description }: { readonly description?: string }): string {
  const effect = method === "GET" || method === "HEAD" ? "read" : method === "DELETE" ? "destructive" : "write";
  const hasId = !/^[A-Z]+ \//.test(name);
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  const options = [
    ...(hasId ? [] : [`as: ${JSON.stringify(toSnakeCase(`${method} ${path}`))}`]),
    ...(description === undefined ? [] : [`description: ${JSON.stringify(description)}`]),
  ];
  return `${key}: ${effect}(${options.length === 0 ? "" : `{ ${options.join(", ")} }`}),`;
}
