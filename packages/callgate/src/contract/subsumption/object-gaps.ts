import type { Conjunction } from "./conjunction.ts";
import {
  fieldOf,
  isForbidden,
  mostFields,
  namesBroughtBy,
  othersOf,
  propertyNames,
  propertyPatterns,
  requiredNames,
  speaksElsewhere,
  speaksOf,
  unnamedField,
} from "./field-rules.ts";
import { fits } from "./fits.ts";
import { leastOf, mostOf, sameWordsGaps } from "./scalar-gaps.ts";
import { type SchemaNode, takesNothing } from "./schema-document.ts";
import { type Gap, gapAt, type KeywordGaps, type Proof, type Situation } from "./situation.ts";

/** Objects that must have what they cannot have. */
export function hasNoObject(narrow: Conjunction, proof: Proof): boolean {
  const required = requiredNames(narrow);
  if (Math.max(leastOf(narrow, "minProperties"), required.size) > mostOfFields(narrow)) return true;
  return [...required].some((name) => {
    const field = fieldOf(narrow, name);
    return field.some(takesNothing) || (field.length > 0 && proof.isEmptyWithin(field));
  });
}

function mostOfFields(narrow: Conjunction): number {
  return Math.min(mostOf(narrow, "maxProperties"), mostFields(narrow));
}

const requiredGaps: KeywordGaps = (situation) => {
  const given = requiredNames(situation.narrow);
  const wanted = situation.wide.schema["required"] as readonly string[];
  return wanted.filter((name) => !given.has(name)).map((name) => gapAt(situation, "required", [name]));
};

const propertiesGaps: KeywordGaps = ({ narrow, wide, proof }) =>
  propertyNames(wide).flatMap((name): readonly Gap[] => {
    if (isForbidden(narrow, name)) return [];
    const field = wide.document.child(wide, "properties", name);
    if (speaksOf(narrow, name)) return proof.lacksWithin(fieldOf(narrow, name), field);
    // A field that is named and takes nothing is one that is refused by name.
    const rule = takesNothing(field) ? "undeclared" : "declared";
    const isHarmless = proof.lacksWithin([], field).length === 0;
    return [{ rule, pointer: field.pointer, about: [name], isHarmless }];
  });

const patternGaps: KeywordGaps = ({ narrow, wide, proof }) =>
  propertyPatterns(wide).flatMap((pattern) => {
    const field = wide.document.child(wide, "patternProperties", pattern);
    const named = [...new Set(narrow.flatMap(propertyNames))].filter(
      (name) => wide.document.patterns.matches(pattern, name) !== false,
    );
    return [
      ...named.flatMap((name) => proof.lacksWithin(fieldOf(narrow, name), field)),
      ...proof.lacksWithin(unnamedField(narrow, { fits: pattern }), field),
    ];
  });

/** What the wide side lets fields be that it does not name, against those of the narrow side. */
function othersGaps(situation: Situation, others: SchemaNode, rule: string): readonly Gap[] {
  const { narrow, wide, proof } = situation;
  const known = new Set(propertyNames(wide));
  const patterns = propertyPatterns(wide);
  const gaps: Gap[] = [];
  for (const name of new Set(narrow.flatMap(propertyNames))) {
    if (known.has(name) || patterns.some((pattern) => wide.document.patterns.matches(pattern, name) === true)) continue;
    const field = fieldOf(narrow, name);
    if (field.some(takesNothing)) continue;
    const found = proof.lacksWithin(field, others);
    if (found.length === 0) continue;
    const isRefused = takesNothing(others);
    gaps.push(...(isRefused ? [{ rule: "undeclared", pointer: `${wide.pointer}/${rule}`, about: [name] }] : found));
  }
  const unnamed = proof.lacksWithin(unnamedField(narrow, { apart: patterns }), others);
  if (unnamed.length === 0) return gaps;
  return [...gaps, ...(takesNothing(others) ? [gapAt(situation, rule)] : unnamed)];
}

const additionalGaps: KeywordGaps = (situation) =>
  othersGaps(situation, situation.wide.document.child(situation.wide, "additionalProperties"), "additionalProperties");

/** Which fields other schemas have seen is not followed: where there may be some, only the same whole schema is the same. */
const unevaluatedGaps: KeywordGaps = (situation) => {
  const { wide } = situation;
  if (speaksElsewhere(wide)) return [gapAt(situation, "unevaluatedProperties")];
  const others = othersOf(wide);
  // Beside `additionalProperties` nothing is left to it.
  if (others === undefined || Object.hasOwn(wide.schema, "additionalProperties")) return [];
  return othersGaps(situation, others, "unevaluatedProperties");
};

const namesGaps: KeywordGaps = (situation) => {
  const { narrow, wide, proof } = situation;
  const names = wide.document.child(wide, "propertyNames");
  const narrowNames = narrow
    .filter(({ schema }) => Object.hasOwn(schema, "propertyNames"))
    .map((node) => node.document.child(node, "propertyNames"));
  const strings = wide.document.made(names, "of strings", { type: "string" });
  if (proof.lacksWithin([...narrowNames, strings], names).length === 0) return [];
  const isListed = mostFields(narrow) < Infinity;
  const declared = [...new Set(narrow.flatMap(propertyNames))].filter((name) => !isForbidden(narrow, name));
  return isListed && declared.every((name) => fits(names, name) === true) ? [] : [gapAt(situation, "propertyNames")];
};

const dependentRequiredGaps: KeywordGaps = (situation) => {
  const { narrow, wide } = situation;
  const given = requiredNames(narrow);
  const dependent = Object.entries(wide.schema["dependentRequired"] as Record<string, readonly string[]>);
  return dependent.flatMap(([name, others]) => {
    if (isForbidden(narrow, name)) return [];
    const own = narrow.flatMap(({ schema }) => namesBroughtBy(schema, name));
    const missing = others.filter((other) => other !== name && !given.has(other) && !own.includes(other));
    return missing.length === 0 ? [] : [gapAt(situation, "dependentRequired", [name, ...missing])];
  });
};

const dependentSchemasGaps: KeywordGaps = ({ narrow, wide, proof }) =>
  Object.keys(wide.schema["dependentSchemas"] as object).flatMap((name) => {
    if (isForbidden(narrow, name)) return [];
    const own = narrow
      .filter(({ schema }) => Object.hasOwn(schema["dependentSchemas"] ?? {}, name))
      .map((node) => node.document.child(node, "dependentSchemas", name));
    const present = wide.document.made(wide, `with ${name}`, { required: [name] });
    return proof.lacks([...narrow, ...own, present], wide.document.child(wide, "dependentSchemas", name));
  });

/** Keywords of objects. */
export const objectKeywords: Readonly<Record<string, KeywordGaps>> = {
  required: requiredGaps,
  properties: propertiesGaps,
  patternProperties: patternGaps,
  additionalProperties: additionalGaps,
  unevaluatedProperties: unevaluatedGaps,
  propertyNames: namesGaps,
  dependentRequired: dependentRequiredGaps,
  dependentSchemas: dependentSchemasGaps,
  minProperties: (situation, keyword) =>
    Math.max(leastOf(situation.narrow, keyword), requiredNames(situation.narrow).size) >=
    (situation.wide.schema[keyword] as number)
      ? []
      : [gapAt(situation, keyword)],
  maxProperties: (situation, keyword) =>
    mostOfFields(situation.narrow) <= (situation.wide.schema[keyword] as number)
      ? []
      : sameWordsGaps(situation, keyword),
};
