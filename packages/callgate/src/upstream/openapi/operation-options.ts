import type { ApprovalLevel, ApprovalRules } from "../../define/approval.ts";
import type { CallError } from "../../define/call-error.ts";
import type { JsonSchema } from "../../define/schema.ts";
import type { Subject } from "../../define/subject.ts";
import type { Plan, ToolRules } from "../../define/tool.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { ApiAnswer } from "./answers/api-answer.ts";
import type { ApiPaging } from "./answers/paging.ts";

/** A derived schema, to be changed: it is a copy of the tool's own. */
export interface DerivedSchema {
  [keyword: string]: unknown;
  type?: unknown;
  /** By name; each a schema of its own, shown as one with any keyword. */
  properties: Record<string, { [keyword: string]: unknown; description?: string }>;
  required: string[];
}

/** A value that every call has and no model sees, or how to find it: `({ subject }) => subject.tenant`. */
export type FixedValue =
  | JsonObject
  | readonly unknown[]
  | string
  | number
  | boolean
  | ((call: { readonly subject: Subject }) => unknown);

/** How an operation is served. Parameters and fields are named as the document names them, or as `path.id`, `body.id` where two have one name. */
export interface OperationOptions extends Omit<ToolRules<JsonObject>, "description"> {
  /** The tool's name; the operation's id in lower case with underscores unless said otherwise. */
  readonly as?: string;
  /** The document's own summary and description unless said otherwise. */
  readonly description?: string;
  /** Optional parameters and fields that no caller may use. */
  readonly omit?: readonly string[];
  readonly fixed?: Readonly<Record<string, FixedValue>>;
  /** Other names of parameters and fields, for callers. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Changes the derived input: narrower, or in better words. A field that it takes out cannot be used. */
  readonly input?: (schema: DerivedSchema) => JsonSchema;
  /** Changes the derived output. What it does not declare does not leave the gate. */
  readonly output?: (schema: DerivedSchema) => JsonSchema;
  /** Of the result only these fields, by their names from the root: `"items.id"`, `"owner.name"`. */
  readonly pick?: readonly string[];
  /** Says in its own words what an answer other than 2xx means; `undefined` leaves it to Callgate. */
  readonly errors?: (answer: ApiAnswer) => CallError | undefined;
}

/** How an operation that changes nothing is served. */
export interface ReadOptions extends OperationOptions {
  /** How the API cuts its lists into pages: callers get `cursor`, and `page` in the result. */
  readonly page?: ApiPaging;
  /** Said of an operation that is neither GET nor HEAD: it only looks, as a search by POST does. */
  readonly changesNothing?: true;
}

/** What a plan of an operation holds: what approval rules judge by. */
export interface OperationPlan extends Plan {
  readonly preview: JsonObject;
}

/** How an operation that changes something is served. */
export interface WriteOptions extends OperationOptions {
  readonly approval?: ApprovalLevel | ApprovalRules<JsonObject, OperationPlan>;
  /** An equal keyless call just after one that finished: ask for a key (the default), or allow it. */
  readonly repeat?: "ask" | "allow";
  /** How the API itself is asked what it would do, with the read credential; without it the preview is the request. */
  readonly dryRun?: DryRun;
  /** How to find out by its key whether a write took place, by an operation that reads. */
  readonly lookup?: LookupOperation;
  /** Said of a DELETE that can be put right again; without it a DELETE is destructive, however it is declared. */
  readonly recoverable?: true;
}

/** What is added to the same request so that the API changes nothing and says what it would change. */
export interface DryRun {
  readonly query?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** What of the answer belongs in the preview: nothing that differs from one time to the next. All that the output declares unless said otherwise. */
  readonly show?: (answer: unknown) => JsonObject;
}

/** The operation that says whether a write took place. */
export interface LookupOperation {
  /** The operation, by its name in the document. */
  readonly operation: string;
  /** Its parameters, by the document's names, for the write's key. */
  readonly with: (key: string) => JsonObject;
  /** The write's result in the answer's body; `undefined` where it did not happen. The body itself unless said otherwise. */
  readonly found?: (body: unknown) => unknown;
}

/** An operation that is served, and as what. Made by `read`, `write` and `destructive`. */
export type ServedOperation =
  | ({ readonly effect: "read" } & ReadOptions)
  | ({ readonly effect: "write" | "destructive" } & WriteOptions);

/** Serves an operation that changes nothing. */
export function read(options: ReadOptions = {}): ServedOperation {
  return { ...options, effect: "read" };
}

/** Serves an operation that changes something that can be put right again. */
export function write(options: WriteOptions = {}): ServedOperation {
  return { ...options, effect: "write" };
}

/** Serves an operation that takes something away. */
export function destructive(options: WriteOptions = {}): ServedOperation {
  return { ...options, effect: "destructive" };
}
