import { type Conjunction, typesOf } from "./conjunction.ts";
import { sameWordsGaps } from "./scalar-gaps.ts";
import type { SchemaNode } from "./schema-document.ts";
import { type Gap, gapAt, type KeywordGaps, type Situation } from "./situation.ts";

function formsOf(node: SchemaNode, keyword: string): readonly SchemaNode[] {
  const forms = node.schema[keyword];
  return Array.isArray(forms) ? forms.map((_, index) => node.document.child(node, keyword, index)) : [];
}

const referenceGaps: KeywordGaps = (situation) => {
  const { narrow, wide, proof } = situation;
  const target = wide.document.resolve(wide);
  return target === undefined ? [gapAt(situation, "$ref")] : proof.lacks(narrow, target);
};

const allOfGaps: KeywordGaps = ({ narrow, wide, proof }) =>
  formsOf(wide, "allOf").flatMap((form) => proof.lacks(narrow, form));

const anyOfGaps: KeywordGaps = (situation) => {
  const { narrow, wide, proof } = situation;
  const forms = formsOf(wide, "anyOf");
  const tried: (readonly Gap[])[] = [];
  for (const form of forms) {
    const gaps = proof.lacks(narrow, form);
    if (gaps.length === 0) return [];
    tried.push(gaps);
  }
  return nearest(situation, "anyOf", tried);
};

/** One form takes all of it, and every other form none. */
const oneOfGaps: KeywordGaps = (situation) => {
  const { narrow, wide, proof } = situation;
  const forms = formsOf(wide, "oneOf");
  const tried: (readonly Gap[])[] = [];
  for (const form of forms) {
    const gaps = proof.lacks(narrow, form);
    const others = forms.filter((other) => other !== form);
    const isAlone = others.every((other) => proof.isEmpty([...narrow, other]));
    if (gaps.length === 0 && isAlone) return [];
    // Where other forms may take some of it too, what this one lacks is not all that there is to be said.
    tried.push(isAlone ? gaps : [gapAt(situation, "oneOf")]);
  }
  return nearest(situation, "oneOf", tried);
};

/** What is missing of the form that takes the most of it, where one takes nearly all; else that there is none. */
function nearest(situation: Situation, keyword: string, tried: readonly (readonly Gap[])[]): readonly Gap[] {
  const [best] = tried.filter((gaps) => gaps.length > 0).toSorted((left, right) => left.length - right.length);
  const types = typesOf(situation.narrow);
  const isClear = best !== undefined && types.size === 1 && best.length <= 2 && !best.some(isOfItself);
  return isClear ? best.map((gap) => ({ ...gap, isGuess: true })) : [gapAt(situation, keyword)];
}

/** A form that differs in a constant or type is another form, not a worse one. */
function isOfItself({ rule }: Gap): boolean {
  return rule === "const" || rule === "enum" || rule === "type";
}

const notGaps: KeywordGaps = (situation) => {
  const { narrow, wide, proof } = situation;
  const refused = wide.document.child(wide, "not");
  if (proof.isEmpty([...narrow, refused])) return [];
  const isRefused = narrow.some(
    (node) =>
      Object.hasOwn(node.schema, "not") && proof.lacks([refused], node.document.child(node, "not")).length === 0,
  );
  return isRefused ? [] : [gapAt(situation, "not")];
};

const ifGaps: KeywordGaps = ({ narrow, wide, proof }) => {
  const condition = wide.document.child(wide, "if");
  const isNever = wide.document.made(wide, "not if", { not: condition.schema });
  const branch = (keyword: string, held: SchemaNode): readonly Gap[] =>
    Object.hasOwn(wide.schema, keyword) ? proof.lacks([...narrow, held], wide.document.child(wide, keyword)) : [];
  return [...branch("then", condition), ...branch("else", isNever)];
};

/** Keywords that put schemas together, for values of every type. */
export const compositionKeywords: Readonly<Record<string, KeywordGaps>> = {
  $ref: referenceGaps,
  allOf: allOfGaps,
  anyOf: anyOfGaps,
  oneOf: oneOfGaps,
  not: notGaps,
  if: ifGaps,
  // Not followed: the same words stand for the same where nothing beside them has changed, which is seen before.
  $dynamicRef: (situation, keyword) => [gapAt(situation, keyword)],
  unevaluatedItems: (situation, keyword) => [gapAt(situation, keyword)],
  contentEncoding: sameWordsGaps,
  contentMediaType: sameWordsGaps,
};

/** Cases that together are all of the narrow side: the forms of one of its unions. Undefined where it has none. */
export function casesOf(narrow: Conjunction): readonly Conjunction[] | undefined {
  for (const node of narrow) {
    const { document } = node;
    const others = narrow.filter((other) => other !== node);
    for (const keyword of ["anyOf", "oneOf"]) {
      if (!Object.hasOwn(node.schema, keyword)) continue;
      const rest = [...others, document.without(node, keyword)];
      return formsOf(node, keyword).map((form) => [...rest, form]);
    }
    if (Object.hasOwn(node.schema, "if")) return conditionalCases(node, others);
  }
  return undefined;
}

function conditionalCases(node: SchemaNode, others: Conjunction): readonly Conjunction[] {
  const { document } = node;
  const rest = [...others, document.without(node, "if")];
  const condition = document.child(node, "if");
  const held = (keyword: string): Conjunction =>
    Object.hasOwn(node.schema, keyword) ? [document.child(node, keyword)] : [];
  const isNever = document.made(node, "not if", { not: condition.schema });
  return [
    [...rest, condition, ...held("then")],
    [...rest, isNever, ...held("else")],
  ];
}
