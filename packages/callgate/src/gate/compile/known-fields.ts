import { closestTo } from "../../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { PromptDeclaration, ResourceDeclaration } from "../../define/resource.ts";
import type { ToolDeclaration } from "../../define/tool.ts";

type FieldsOf<Declared> = Declared extends unknown ? keyof Declared : never;
/** Every field of a declaration: a new one that is not listed does not compile. */
export type Known<Declared> = Readonly<Record<FieldsOf<Declared>, true>>;

const READABLE_RULES = {
  title: true,
  description: true,
  scope: true,
  modes: true,
  rollout: true,
  timeoutMs: true,
} as const;

/** What a tool's declaration may say, whatever it does. */
export const TOOL_FIELDS: Known<ToolDeclaration> = {
  ...READABLE_RULES,
  effect: true,
  name: true,
  kinds: true,
  rate: true,
  concurrency: true,
  longRunning: true,
  impact: true,
  approval: true,
  deprecated: true,
  version: true,
  renamed: true,
  maxResultBytes: true,
  summarize: true,
  guard: true,
  accountField: true,
  listing: true,
  input: true,
  output: true,
  include: true,
  run: true,
  plan: true,
  volatile: true,
  commit: true,
  lookup: true,
  undo: true,
  repeat: true,
};

export const RESOURCE_FIELDS: Known<ResourceDeclaration<unknown>> = {
  ...READABLE_RULES,
  name: true,
  uri: true,
  mimeType: true,
  maxResultBytes: true,
  complete: true,
  listing: true,
  read: true,
};

export const PROMPT_FIELDS: Known<PromptDeclaration<unknown>> = {
  ...READABLE_RULES,
  name: true,
  maxResultBytes: true,
  arguments: true,
  listing: true,
  get: true,
};

/** Node runs the sources unchecked, and a misspelt `scope` or `guard` that is passed over is a tool without one. */
export function refuseUnknownFields(declaration: object, known: Readonly<object>, place: DefinitionPlace): void {
  const unknown = Object.keys(declaration).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const near = closestTo(unknown, Object.keys(known));
  throw new DefinitionError(
    place,
    `it has a field "${unknown}", which the gate does not know.`,
    near === undefined ? "Leave it out." : `Did you mean "${near}"?`,
  );
}
