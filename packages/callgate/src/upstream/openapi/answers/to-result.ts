import { CallError } from "../../../define/call-error.ts";
import type { JsonSchema } from "../../../define/schema.ts";
import type { ResultShape } from "../schemas/output-schema.ts";
import type { ApiAnswer } from "./api-answer.ts";
import { keepDeclared } from "./keep-declared.ts";

/** What results of an operation are made by. */
export interface ResultForm {
  readonly shape: ResultShape;
  /** Of what has a body. */
  readonly output: JsonSchema;
  /** The document says that there may be no body: then the status is the result. */
  readonly mayBeEmpty: boolean;
}

/** The result in an answer that is 2xx, without what the output does not declare; undefined where none can be read. */
export function toResult(form: ResultForm, { status, kind, body }: ApiAnswer): unknown {
  if (form.shape === "status" || (kind === "empty" && form.mayBeEmpty)) return { status };
  if (kind === "unreadable") return undefined;
  if (form.shape === "text") return { text: typeof body === "string" ? body : (JSON.stringify(body) ?? "") };
  return kind === "json" ? fromBody(form, body) : undefined;
}

/** The result in a body that was read as JSON. */
export function fromBody({ shape, output }: ResultForm, body: unknown): unknown {
  return keepDeclared(output, shape === "items" ? { items: body } : shape === "result" ? { result: body } : body);
}

/** A read whose answer was to be JSON, or text, and is none. */
export function unreadable({ shape }: ResultForm, answer: ApiAnswer): CallError {
  const { status, kind, headers, unread = "what cannot be read" } = answer;
  const what = kind === "empty" ? "nothing" : kind === "text" ? mediaType(headers["content-type"]) : unread;
  return new CallError(
    "api_unreadable",
    `The API answered with ${what} (${status}) where ${shape === "text" ? "text" : "JSON"} belongs.`,
    {
      category: "infrastructure",
      next: "Ask for less, or tell the people who run this.",
    },
  );
}

/** What is no name of a type is a stranger's words, and not said in the gate's. */
function mediaType(said = ""): string {
  return /^[\w.+-]{1,40}\/[\w.+-]{1,60}(?=\s*(?:;|$))/.exec(said)?.[0] ?? "text";
}
