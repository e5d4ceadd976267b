import { arrayKeywords, hasNoArray } from "./array-gaps.ts";
import { casesOf, compositionKeywords } from "./composition-gaps.ts";
import { type Conjunction, finiteValues, flattened, type JsonType, typesOf } from "./conjunction.ts";
import { fits } from "./fits.ts";
import { hasNoObject, objectKeywords } from "./object-gaps.ts";
import { ownMember } from "./own-member.ts";
import { anyTypeKeywords, hasNoNumber, leastOf, mostOf, numberKeywords, stringKeywords } from "./scalar-gaps.ts";
import { type SchemaNode, takesNothing } from "./schema-document.ts";
import { isSilent } from "./silent-keywords.ts";
import type { Gap, KeywordGaps, Proof, Situation } from "./situation.ts";
import { asWritten } from "./well-formed.ts";

/** Questions that one comparison may ask: beyond that a schema is too entangled to be judged, and not judged compatible. */
const MOST_QUESTIONS = 20_000;

/** Questions that several comparisons may ask together. */
export class QuestionBudget {
  #left: number;

  constructor(questions: number) {
    this.#left = questions;
  }

  /** False where none is left. */
  take(): boolean {
    this.#left -= 1;
    return this.#left >= 0;
  }
}

const byType: Readonly<Record<JsonType, Readonly<Record<string, KeywordGaps>>>> = {
  null: {},
  boolean: {},
  string: stringKeywords,
  number: numberKeywords,
  integer: numberKeywords,
  array: arrayKeywords,
  object: objectKeywords,
};
const typed: ReadonlySet<string> = new Set(Object.values(byType).flatMap((keywords) => Object.keys(keywords)));

/**
 * Looks for values that the narrow side allows and the wide one does not. No gaps: there are none. Gaps: there may be
 * some; what cannot be told is a gap too.
 *
 * What is being asked already is taken as proven where it is asked of a part of the value: a value that showed the
 * opposite would have a smaller one within it that does.
 */
class Subsumption implements Proof {
  readonly #asked = new Map<string, number>();
  readonly #own = new QuestionBudget(MOST_QUESTIONS);
  readonly #shared: QuestionBudget | undefined;
  #depth = 0;

  constructor(shared?: QuestionBudget) {
    this.#shared = shared;
  }

  lacksWithin(narrow: Conjunction, wide: SchemaNode): readonly Gap[] {
    return this.#within(() => this.lacks(narrow, wide));
  }

  isEmptyWithin(narrow: Conjunction): boolean {
    return this.#within(() => this.isEmpty(narrow));
  }

  lacks(nodes: Conjunction, wide: SchemaNode): readonly Gap[] {
    const narrow = flattened(nodes);
    if (Object.keys(wide.schema).every(isSilent) || narrow.some((node) => isSame(node, wide))) return [];
    const unclear: readonly Gap[] = [{ rule: "unclear", pointer: wide.pointer }];
    const question = `${keyOf(narrow)} in ${wide.key}`;
    return this.#ask(question, { proven: [], unclear }, () => this.#gaps(narrow, wide));
  }

  isEmpty(nodes: Conjunction): boolean {
    const narrow = flattened(nodes);
    if (narrow.some(takesNothing)) return true;
    return this.#ask(`none of ${keyOf(narrow)}`, { proven: true, unclear: false }, () => this.#hasNone(narrow));
  }

  #within<Answer>(ask: () => Answer): Answer {
    this.#depth += 1;
    try {
      return ask();
    } finally {
      this.#depth -= 1;
    }
  }

  #ask<Answer>(
    question: string,
    { proven, unclear }: { readonly proven: Answer; readonly unclear: Answer },
    answer: () => Answer,
  ): Answer {
    const askedAt = this.#asked.get(question);
    if (askedAt !== undefined) return askedAt < this.#depth ? proven : unclear;
    if (!this.#own.take() || this.#shared?.take() === false) return unclear;
    this.#asked.set(question, this.#depth);
    try {
      return answer();
    } finally {
      this.#asked.delete(question);
    }
  }

  #gaps(narrow: Conjunction, wide: SchemaNode): readonly Gap[] {
    const types = typesOf(narrow);
    const values = finiteValues(narrow, types);
    if (values !== undefined) {
      const refused = this.#refused(values, narrow, wide);
      if (refused.length === 0) return [];
      if (narrow.some(({ schema }) => Object.hasOwn(schema, "enum") || Object.hasOwn(schema, "const")))
        return [{ rule: "enum", pointer: wide.pointer, about: refused }];
    }
    const gaps = this.#keywordGaps({ narrow, wide, types, proof: this });
    const cases = gaps.length === 0 ? undefined : (casesOf(narrow) ?? casesByType(types, narrow, wide));
    if (cases !== undefined) return withoutRepeats(cases.flatMap((each) => this.lacks(each, wide)));
    return gaps.length === 0 || this.isEmpty(narrow) ? [] : withoutRepeats(gaps);
  }

  #refused(values: readonly unknown[], narrow: Conjunction, wide: SchemaNode): readonly unknown[] {
    const possible = values.filter((value) => narrow.every((node) => fits(node, value) !== false));
    return possible.filter((value) => fits(wide, value) !== true);
  }

  #keywordGaps(situation: Situation): readonly Gap[] {
    const { wide, narrow, types } = situation;
    return Object.keys(wide.schema).flatMap((keyword): readonly Gap[] => {
      if (isSilent(keyword)) return [];
      const general = ownMember(anyTypeKeywords, keyword) ?? ownMember(compositionKeywords, keyword);
      if (general !== undefined) return general(situation, keyword);
      for (const type of types) {
        const ofType = ownMember(byType[type], keyword);
        if (ofType !== undefined) return ofType(situation, keyword);
      }
      if (typed.has(keyword)) return [];
      const isSaid = narrow.some((node) => Object.hasOwn(node.schema, keyword) && sameValue(node, wide, keyword));
      return isSaid ? [] : [{ rule: "unknown", pointer: `${wide.pointer}/${asWritten(keyword)}`, about: [keyword] }];
    });
  }

  #hasNone(narrow: Conjunction): boolean {
    const types = typesOf(narrow);
    const values = finiteValues(narrow, types);
    if (values?.every((value) => narrow.some((node) => fits(node, value) === false)) === true) return true;
    if ([...types].every((type) => this.#hasNoneOf(type, narrow))) return true;
    const isRefused = narrow.some((node) => {
      if (!Object.hasOwn(node.schema, "not")) return false;
      const rest = narrow.map((other) => (other === node ? node.document.without(node, "not") : other));
      return this.lacks(rest, node.document.child(node, "not")).length === 0;
    });
    return isRefused || (casesOf(narrow)?.every((each) => this.isEmpty(each)) ?? false);
  }

  #hasNoneOf(type: JsonType, narrow: Conjunction): boolean {
    if (type === "string") return leastOf(narrow, "minLength") > mostOf(narrow, "maxLength");
    if (type === "number" || type === "integer") return hasNoNumber(narrow, type === "integer");
    if (type === "array") return hasNoArray(narrow, this);
    return type === "object" && hasNoObject(narrow, this);
  }
}

function keyOf(narrow: Conjunction): string {
  if (narrow.length === 1) return narrow[0]?.key ?? "";
  return narrow
    .map(({ key }) => key)
    .toSorted()
    .join(" & ");
}

function isSame(node: SchemaNode, wide: SchemaNode): boolean {
  if (node.key === wide.key) return true;
  const text = node.document.text(node);
  return text === wide.document.text(wide) && node.document.readsLike(wide.document, text);
}

function sameValue(node: SchemaNode, wide: SchemaNode, keyword: string): boolean {
  const text = JSON.stringify(node.schema[keyword]);
  return text === JSON.stringify(wide.schema[keyword]) && node.document.readsLike(wide.document, text);
}

/** Where the wide side has forms, one may be there for each type. */
function casesByType(
  types: ReadonlySet<JsonType>,
  narrow: Conjunction,
  wide: SchemaNode,
): readonly Conjunction[] | undefined {
  const hasForms = ["anyOf", "oneOf", "not", "if"].some((keyword) => Object.hasOwn(wide.schema, keyword));
  if (!hasForms || types.size < 2) return undefined;
  return [...types].map((type) => [...narrow, wide.document.made(wide.document.root, `a ${type}`, { type })]);
}

function withoutRepeats(gaps: readonly Gap[]): readonly Gap[] {
  const byPlace = new Map(gaps.map((gap) => [JSON.stringify([gap.rule, gap.pointer, gap.about]), gap]));
  return [...byPlace.values()];
}

/** Where values that `narrow` allows may be refused by `wide`; nothing where none can be. */
export function gapsBetween(narrow: SchemaNode, wide: SchemaNode, shared?: QuestionBudget): readonly Gap[] {
  return new Subsumption(shared).lacks([narrow], wide);
}
