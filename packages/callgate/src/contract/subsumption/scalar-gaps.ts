import { toCanonicalJson } from "../../ledger/digest.ts";
import { type Conjunction, declaredTypes, numbersOf } from "./conjunction.ts";
import { type Gap, gapAt, type KeywordGaps, type Situation } from "./situation.ts";

/** One schema of the narrow side says the same by this keyword. */
function isSaid({ narrow, wide }: Situation, keyword: string): boolean {
  const wanted = toCanonicalJson(wide.schema[keyword]);
  return narrow.some(({ schema }) => Object.hasOwn(schema, keyword) && toCanonicalJson(schema[keyword]) === wanted);
}

const typeGaps: KeywordGaps = (situation) => {
  const allowed = declaredTypes(situation.wide.schema);
  if (allowed === undefined) return [];
  const others = [...situation.types].filter(
    (type) => !allowed.has(type) && !(type === "integer" && allowed.has("number")),
  );
  return others.length === 0 ? [] : [gapAt(situation, "type", others)];
};

/** Values that can be counted are tried one by one before any keyword is asked: here they cannot. */
const choiceGaps: KeywordGaps = (situation, keyword) => [gapAt(situation, keyword)];

interface Bound {
  readonly at: number;
  readonly isOpen: boolean;
}

/** The nearest bound from one side; `sign` 1 is from below, -1 from above, and numbers are turned with it. */
function boundOf(narrow: Conjunction, sign: 1 | -1, integers: boolean): Bound {
  const [closed, open] = sign === 1 ? ["minimum", "exclusiveMinimum"] : ["maximum", "exclusiveMaximum"];
  let bound: Bound = { at: -Infinity, isOpen: false };
  const consider = (at: number, isOpen: boolean): void => {
    if (at > bound.at || (at === bound.at && isOpen)) bound = { at, isOpen };
  };
  for (const number of numbersOf(narrow, closed)) consider(sign * number, false);
  for (const number of numbersOf(narrow, open)) consider(sign * number, true);
  if (!integers || !Number.isFinite(bound.at) || Math.abs(bound.at) >= Number.MAX_SAFE_INTEGER) return bound;
  return { at: bound.isOpen ? Math.floor(bound.at) + 1 : Math.ceil(bound.at), isOpen: false };
}

function hasIntegersOnly({ types }: Situation): boolean {
  return types.has("integer");
}

function boundGaps(sign: 1 | -1, isOpen: boolean): KeywordGaps {
  return (situation, keyword) => {
    const limit = sign * (situation.wide.schema[keyword] as number);
    const bound = boundOf(situation.narrow, sign, hasIntegersOnly(situation));
    const isWithin = bound.at > limit || (bound.at === limit && (!isOpen || bound.isOpen));
    return isWithin ? [] : [gapAt(situation, keyword)];
  };
}

/** Numbers between which nothing lies. */
export function hasNoNumber(narrow: Conjunction, integers: boolean): boolean {
  const low = boundOf(narrow, 1, integers);
  const high = boundOf(narrow, -1, integers);
  return low.at > -high.at || (low.at === -high.at && (low.isOpen || high.isOpen));
}

const multipleGaps: KeywordGaps = (situation) => {
  const step = situation.wide.schema["multipleOf"] as number;
  const steps = numbersOf(situation.narrow, "multipleOf");
  const isKept =
    steps.includes(step) ||
    (Number.isSafeInteger(step) && steps.some((each) => Number.isSafeInteger(each) && each % step === 0)) ||
    (step === 1 && hasIntegersOnly(situation));
  return isKept ? [] : [gapAt(situation, "multipleOf")];
};

/** The least that a count may be in the narrow side. */
export function leastOf(narrow: Conjunction, keyword: string): number {
  return Math.max(0, ...numbersOf(narrow, keyword));
}

/** The most that a count may be in the narrow side. */
export function mostOf(narrow: Conjunction, keyword: string): number {
  return Math.min(Infinity, ...numbersOf(narrow, keyword));
}

const minLengthGaps: KeywordGaps = (situation, keyword) =>
  leastOf(situation.narrow, keyword) >= (situation.wide.schema[keyword] as number) ? [] : [gapAt(situation, keyword)];

const maxLengthGaps: KeywordGaps = (situation, keyword) =>
  mostOf(situation.narrow, keyword) <= (situation.wide.schema[keyword] as number) ? [] : [gapAt(situation, keyword)];

/** Whether one text fits two patterns, or what a format takes, is not judged: only what is said in the same words is the same. */
export const sameWordsGaps: KeywordGaps = (situation, keyword): readonly Gap[] =>
  isSaid(situation, keyword) ? [] : [gapAt(situation, keyword)];

/** Keywords of all types, of numbers and of strings. */
export const anyTypeKeywords: Readonly<Record<string, KeywordGaps>> = {
  type: typeGaps,
  enum: choiceGaps,
  const: choiceGaps,
  format: sameWordsGaps,
};

export const numberKeywords: Readonly<Record<string, KeywordGaps>> = {
  minimum: boundGaps(1, false),
  exclusiveMinimum: boundGaps(1, true),
  maximum: boundGaps(-1, false),
  exclusiveMaximum: boundGaps(-1, true),
  multipleOf: multipleGaps,
};

export const stringKeywords: Readonly<Record<string, KeywordGaps>> = {
  minLength: minLengthGaps,
  maxLength: maxLengthGaps,
  pattern: sameWordsGaps,
};
