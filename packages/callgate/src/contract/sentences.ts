import { placeWords } from "./schema-change.ts";
import type { Gap } from "./subsumption/situation.ts";

/** `tightened`: what was allowed is refused. `widened`: what was refused is allowed. */
export type Direction = "tightened" | "widened";

type Words = (gap: Gap) => string;

const said = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};
const listed = (values: readonly unknown[] = []): string => {
  const shown = values.slice(0, 5).map(said).join(", ");
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown;
};
const types = ({ about = [] }: Gap): string => about.join(" or ");
const limit =
  (before: string, after = ""): Words =>
  ({ demand }) =>
    `${before} ${said(demand)}${after}`;

const sentences: Readonly<Record<string, Readonly<Record<Direction, Words>>>> = {
  type: { tightened: (gap) => `can no longer be ${types(gap)}`, widened: (gap) => `can be ${types(gap)} now` },
  enum: {
    tightened: ({ about, demand }) =>
      about === undefined ? `must be one of ${listed(demand as never)} now` : `can no longer be ${listed(about)}`,
    widened: ({ about, demand }) =>
      about === undefined ? `can be something else than ${listed(demand as never)} now` : `can be ${listed(about)} now`,
  },
  const: { tightened: limit("must be", " now"), widened: limit("can be something else than", " now") },
  minimum: { tightened: limit("must be at least", " now"), widened: limit("can be less than", " now") },
  maximum: { tightened: limit("must be at most", " now"), widened: limit("can be more than", " now") },
  exclusiveMinimum: { tightened: limit("must be more than", " now"), widened: limit("can be as little as", " now") },
  exclusiveMaximum: { tightened: limit("must be less than", " now"), widened: limit("can be as much as", " now") },
  multipleOf: {
    tightened: limit("must be a multiple of", " now"),
    widened: limit("need not be a multiple of", " now"),
  },
  minLength: {
    tightened: limit("must have at least", " characters now"),
    widened: limit("can have fewer than", " characters now"),
  },
  maxLength: {
    tightened: limit("must have at most", " characters now"),
    widened: limit("can have more than", " characters now"),
  },
  pattern: { tightened: limit("must match", " now"), widened: limit("need not match", " now") },
  format: { tightened: limit("must have the format", " now"), widened: limit("need not have the format", " now") },
  minItems: {
    tightened: limit("must have at least", " items now"),
    widened: limit("can have fewer than", " items now"),
  },
  maxItems: { tightened: limit("must have at most", " items now"), widened: limit("can have more than", " items now") },
  uniqueItems: {
    tightened: () => "can no longer hold the same item twice",
    widened: () => "can hold the same item twice now",
  },
  contains: {
    tightened: () => "must hold certain items now",
    widened: () => "need no longer hold certain items",
  },
  required: {
    tightened: ({ about }) => `needs ${listed(about)} now`,
    widened: ({ about }) => `may come without ${listed(about)} now`,
  },
  minProperties: {
    tightened: limit("must have at least", " fields now"),
    widened: limit("can have fewer than", " fields now"),
  },
  maxProperties: {
    tightened: limit("must have at most", " fields now"),
    widened: limit("can have more than", " fields now"),
  },
  additionalProperties: {
    tightened: () => "can no longer have fields that it does not name",
    widened: () => "can have fields that it does not name now",
  },
  unevaluatedProperties: {
    tightened: () => "can no longer have fields that it does not name",
    widened: () => "can have fields that it does not name now",
  },
  propertyNames: {
    tightened: () => "takes fewer names of fields now",
    widened: () => "can have other names of fields now",
  },
  dependentRequired: {
    tightened: ({ about = [] }) => `needs ${listed(about.slice(1))} beside ${said(about[0])} now`,
    widened: ({ about = [] }) => `may have ${said(about[0])} without ${listed(about.slice(1))} now`,
  },
  removed: {
    tightened: ({ about }) => `has no field ${listed(about)} any more`,
    widened: ({ about }) => `has no field ${listed(about)} any more`,
  },
  added: {
    tightened: ({ about }) => `has a field ${listed(about)} now`,
    widened: ({ about }) => `has a field ${listed(about)} now`,
  },
  anyOf: { tightened: () => "has fewer forms now", widened: () => "has further forms now" },
  oneOf: { tightened: () => "has fewer forms now", widened: () => "has further forms now" },
  not: { tightened: () => "refuses more values by `not` now", widened: () => "refuses fewer values by `not` now" },
};

const UNCLEAR: Readonly<Record<Direction, Words>> = {
  tightened: ({ rule }) => `has changed in a way that is not judged (${rule}): it may refuse what it took`,
  widened: ({ rule }) => `has changed in a way that is not judged (${rule}): it may take what it refused`,
};

/** One sentence about a gap: which place, and what is different there. */
export function sentenceOf(gap: Gap, direction: Direction, root: string): string {
  const words = (sentences[gap.rule] ?? UNCLEAR)[direction](gap);
  return `${subjectOf(gap, root)} ${words}.`;
}

/** The object, where a gap is about one of its fields. */
function subjectOf({ rule, pointer }: Gap, root: string): string {
  const holder = rule === "added" || rule === "removed" ? pointer.replace(/\/properties\/[^/]*$/, "") : pointer;
  return placeName(holder, root);
}

/** A place in a schema for people. */
export function placeName(pointer: string, root: string): string {
  const words = placeWords(pointer);
  return words === "" ? root : `\`${words}\``;
}
