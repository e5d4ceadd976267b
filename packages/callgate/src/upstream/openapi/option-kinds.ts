import {
  aFunction,
  anObject,
  anything,
  flag,
  type Kind,
  type Kinds,
  oneOf,
  rate,
  recordOf,
  text,
  texts,
  wholeNumber,
  words,
} from "../../settings/kinds.ts";
import { flagKey } from "../../settings/tool-kinds.ts";
import type { ApiPaging } from "./answers/paging.ts";
import type { OpenApiOptions } from "./openapi.ts";
import type { DryRun, LookupOperation, OperationOptions, ReadOptions, WriteOptions } from "./operation-options.ts";

export const OPENAPI_KINDS: Kinds<OpenApiOptions> = {
  owner: text,
  purpose: text,
  concern: text,
  endpoint: oneOf(["shared", "own"]),
  rollout: flagKey,
  document: anything,
  baseUrl: anything,
  credential: anything,
  serve: anything,
  idempotencyHeader: {
    fits: (value) => typeof value === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(value),
    cure: 'Name the header: idempotencyHeader: "Idempotency-Key".',
  },
  health: text,
  required: flag,
  quota: rate,
  concurrency: wholeNumber(),
  maxAnswerBytes: wholeNumber(),
  errors: aFunction,
  smoke: anObject('{ checks: [{ call: "find_pets", with: {} }] }'),
};

type OwnOptions = Pick<
  OperationOptions & ReadOptions & WriteOptions,
  | "as"
  | "description"
  | "omit"
  | "fixed"
  | "rename"
  | "input"
  | "output"
  | "pick"
  | "errors"
  | "page"
  | "changesNothing"
  | "dryRun"
  | "lookup"
  | "recoverable"
>;

/** What an operation has beside the rules of a call, which the gate judges itself. */
export const OPERATION_KINDS: Kinds<OwnOptions> = {
  as: text,
  description: words,
  omit: texts('omit: ["debug"]'),
  fixed: anObject('{ apiVersion: "2" }'),
  rename: recordOf(text, 'Give each its name for callers: rename: { petId: "id" }.'),
  input: aFunction,
  output: aFunction,
  pick: texts('pick: ["items.id"]'),
  errors: aFunction,
  page: anObject('{ by: "cursor", param: "cursor", next: "/next_cursor" }'),
  changesNothing: flag,
  dryRun: anObject('{ query: { validate_only: "true" } }'),
  lookup: anObject('{ operation: "findOrders", with: (key) => ({ reference: key }) }'),
  recoverable: flag,
};

const paged = {
  by: oneOf(["cursor", "offset", "page", "link"]),
  param: { fits: text.fits, cure: 'Name the parameter that says where a page begins: param: "cursor".' },
  items: words,
};
const counted = { ...paged, first: wholeNumber({ least: 0 }), total: words };

/** By how pages are asked for; whether a pointer leads anywhere is judged by the document. */
export const PAGE_KINDS: Readonly<Record<ApiPaging["by"], Readonly<Record<string, Kind>>>> = {
  cursor: {
    ...paged,
    next: { fits: words.fits, cure: 'Say where an answer has the next value: next: "/next_cursor".' },
  },
  link: paged,
  offset: counted,
  page: counted,
};

export const DRY_RUN_KINDS: Kinds<DryRun> = {
  query: recordOf(words, 'Give texts: query: { validate_only: "true" }.'),
  header: recordOf(words, 'Give texts: header: { prefer: "dry-run" }.'),
  body: anObject("{ validate_only: true }"),
  show: aFunction,
};

export const LOOKUP_KINDS: Kinds<LookupOperation> = {
  operation: { fits: text.fits, cure: 'Name an operation that reads: operation: "findOrders".' },
  with: { fits: aFunction.fits, cure: "Say its parameters by the key: with: (key) => ({ reference: key })." },
  found: aFunction,
};
