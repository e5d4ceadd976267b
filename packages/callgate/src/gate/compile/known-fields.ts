import type { BackendDeclaration } from "../../define/backend.ts";
import type { DomainOptions } from "../../define/domain.ts";
import type { PromptDeclaration, ResourceDeclaration } from "../../define/resource.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import {
  aFunction,
  anObject,
  anything,
  flag,
  type Kinds,
  objectWith,
  oneOf,
  rate,
  text,
  texts,
  wholeNumber,
  words,
} from "../../settings/kinds.ts";
import { effect, flagKey, READABLE_KINDS, RULE_KINDS } from "../../settings/tool-kinds.ts";

const LISTING = anObject('{ icons: [{ src: "https://…" }] }');

/** What a tool's declaration may say, whatever it does. */
export const TOOL_FIELDS: Kinds<ToolDeclaration> = {
  ...RULE_KINDS,
  effect,
  name: anything,
  description: anything,
  approval: anything,
  summarize: aFunction,
  guard: aFunction,
  accountField: text,
  listing: LISTING,
  input: anything,
  output: anything,
  include: anObject("{ payments: z.array(Payment) }"),
  run: aFunction,
  plan: aFunction,
  volatile: texts('["quote_id"]'),
  commit: aFunction,
  lookup: aFunction,
  undo: aFunction,
  repeat: oneOf(["ask", "allow"]),
};

export const RESOURCE_FIELDS: Kinds<ResourceDeclaration<unknown>> = {
  ...READABLE_KINDS,
  name: words,
  description: words,
  uri: text,
  mimeType: words,
  complete: anObject("{ city: (typed) => cities.like(typed) }"),
  listing: LISTING,
  read: aFunction,
};

export const PROMPT_FIELDS: Kinds<PromptDeclaration<unknown>> = {
  ...READABLE_KINDS,
  name: anything,
  description: words,
  arguments: anObject('{ city: { description: "Where to" } }'),
  listing: LISTING,
  get: aFunction,
};

export const DOMAIN_FIELDS: Kinds<DomainOptions<unknown>> = {
  owner: anything,
  purpose: anything,
  concern: anything,
  endpoint: oneOf(["shared", "own"]),
  rollout: flagKey,
  backend: objectWith(["start"], "Give it what opens it: backend: { start: () => openBookings() }."),
  smoke: anObject("{ checks: [{ call, with, expect }] }"),
};

/** A backend may be an object of any class, so what else it has is its own. */
export const BACKEND_KINDS: Kinds<BackendDeclaration<unknown>> = {
  required: flag,
  credentials: anObject('{ read: env("BOOKINGS_RO") }'),
  start: aFunction,
  health: aFunction,
  stop: aFunction,
  quota: rate,
  concurrency: wholeNumber(),
  takesIdempotencyKey: flag,
};
