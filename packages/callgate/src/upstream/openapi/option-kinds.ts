import {
  aFunction,
  anObject,
  anything,
  flag,
  type Kind,
  type Kinds,
  listOf,
  oneOf,
  rate,
  recordOf,
  text,
  texts,
  wholeNumber,
  words,
} from "../../settings/kinds.ts";
import { effect, flagKey, RULE_KINDS } from "../../settings/tool-kinds.ts";
import type { ApiPaging } from "./answers/paging.ts";
import type { OpenApiOptions, OpenApiSmoke } from "./openapi.ts";
import type { DryRun, LookupOperation, ServedOperation } from "./operation-options.ts";

const DRY_RUN = anObject('{ query: { validate_only: "true" } }');
const LOOKUP = anObject('{ operation: "findOrder", with: (key) => ({ key }) }');
const OPERATION = anObject("listPets: read()");

/** Document, address and credential are judged where they are read: they may hold a secret. */
export const OPENAPI_KINDS: Kinds<OpenApiOptions> = {
  owner: anything,
  purpose: anything,
  concern: anything,
  endpoint: oneOf(["shared", "own"]),
  rollout: flagKey,
  document: { fits: anything.fits, cure: 'Name its file: document: "petstore.yaml".' },
  baseUrl: anything,
  credential: anything,
  serve: recordOf(OPERATION, "Say of each what it is: serve: { listPets: read() }."),
  idempotencyHeader: {
    fits: (name) => typeof name === "string" && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name),
    cure: 'Name a header: "Idempotency-Key".',
  },
  health: text,
  required: flag,
  quota: rate,
  concurrency: wholeNumber(),
  maxAnswerBytes: wholeNumber(),
  errors: aFunction,
  smoke: anObject("{ checks: [{ call, with, expect }] }"),
};

export const SMOKE_KINDS: Kinds<OpenApiSmoke> = {
  checks: listOf(anObject(""), 'List calls: checks: [{ call: "find_pets", with: { kind: "cat" } }].'),
  refusesWrites: anObject('{ call: "add_pet", with: { name: "Mia" } }'),
};

type ServedRead = Extract<ServedOperation, { effect: "read" }>;
type ServedWrite = Exclude<ServedOperation, { effect: "read" }>;
type InBoth = Omit<
  ServedOperation,
  "page" | "changesNothing" | "approval" | "repeat" | "dryRun" | "lookup" | "recoverable"
>;

const BOTH: Kinds<InBoth> = {
  ...RULE_KINDS,
  effect,
  as: text,
  description: words,
  omit: texts('["limit"]'),
  fixed: anObject('{ version: "2" }'),
  rename: recordOf(text, 'Give each its name for callers: { id: "pet_id" }.'),
  input: aFunction,
  output: aFunction,
  pick: texts('["items.id"]'),
  errors: aFunction,
  summarize: aFunction,
  guard: aFunction,
  accountField: text,
  listing: anObject('{ icons: [{ src: "https://…" }] }'),
};

/** Approval is the gate's to judge. */
export const READ_KINDS: Kinds<ServedRead & Pick<ServedWrite, "approval">> = {
  ...BOTH,
  page: anObject('{ by: "cursor", param: "after", next: "/next" }'),
  changesNothing: flag,
  approval: anything,
};

export const WRITE_KINDS: Kinds<ServedWrite> = {
  ...BOTH,
  approval: anything,
  repeat: oneOf(["ask", "allow"]),
  dryRun: DRY_RUN,
  lookup: LOOKUP,
  recoverable: flag,
};

export const DRY_RUN_KINDS: Kinds<DryRun> = {
  query: recordOf(words, 'Give texts: query: { validate_only: "true" }.'),
  header: recordOf(words, 'Give texts: header: { "X-Dry-Run": "true" }.'),
  body: anObject("{ validate_only: true }"),
  show: aFunction,
};

export const LOOKUP_KINDS: Kinds<LookupOperation> = { operation: text, with: aFunction, found: aFunction };

const pointer: Kind = { fits: words.fits, cure: 'Give a JSON Pointer, like "/next".' };
const param: Kind = { fits: text.fits, cure: 'Name the parameter: param: "after".' };
const COUNTED = { param, first: wholeNumber({ least: 0 }), items: pointer, total: pointer };
const by = oneOf(["cursor", "link", "offset", "page"] satisfies ApiPaging["by"][]);

/** By the way in which pages are asked for. */
export const PAGE_KINDS: { readonly [By in ApiPaging["by"]]: Kinds<Extract<ApiPaging, { readonly by: By }>> } = {
  cursor: { by, param, next: pointer, items: pointer },
  link: { by, param, items: pointer },
  offset: { by, ...COUNTED },
  page: { by, ...COUNTED },
};
