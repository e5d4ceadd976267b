import fc from "fast-check";
import type { Dice } from "../durability/proof/dice.ts";

/** A JSON Schema, boolean ones included. */
export type AnySchema = boolean | { readonly [keyword: string]: unknown };

const NAMES = ["a", "b", "ab", "toString"];
const PATTERNS = ["^a", "b$"];
const WORDS = ["", "a", "ab", "2026-01-31", "x@y.example"];

const small = fc.integer({ min: -2, max: 5 });
const count = fc.integer({ min: 0, max: 3 });
const value = fc.oneof(fc.constantFrom(null, true, false, ...WORDS), small, fc.constant([1]), fc.constant({ a: 1 }));
const half = { requiredKeys: [] as [] };

const numbers = fc.record(
  {
    minimum: small,
    maximum: small,
    exclusiveMinimum: small,
    exclusiveMaximum: small,
    multipleOf: fc.constantFrom(1, 2, 3, 4, 0.5),
  },
  half,
);
const strings = fc.record(
  {
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom(...PATTERNS),
    format: fc.constantFrom("date", "email"),
  },
  half,
);
const type = fc.constantFrom("null", "boolean", "string", "number", "integer", "array", "object");

/** Some members of a record, so that most schemas say little. */
function some(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const names = Object.keys(members);
  return fc
    .subarray(names, { maxLength: 3 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((name) => [name, members[name] as fc.Arbitrary<unknown>]))),
    );
}

function byName(schema: fc.Arbitrary<unknown>, names: readonly string[] = NAMES): fc.Arbitrary<object> {
  return fc.dictionary(fc.constantFrom(...names), schema, { maxKeys: 2 });
}

const names = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 });

// A reference stands only where it leads to a part of the value: one that leads back to the value itself means nothing.
const reference = fc.constantFrom({ $ref: "#/$defs/x" }, { $ref: "#/$defs/y" });

const simple: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
  ofType("string", strings),
  ofType("integer", numbers),
  ofType("number", numbers),
  fc.record({ enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) }) }),
  value.map((constant) => ({ const: constant })),
  fc.boolean(),
  numbers,
  strings,
);

function ofType(name: string, rules: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return rules.map((given) => ({ type: name, ...given }));
}

function arraysOf(part: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return some({
    items: part,
    prefixItems: fc.array(part, { minLength: 1, maxLength: 2 }),
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    contains: part,
    minContains: count,
    maxContains: count,
  });
}

function objectsOf(part: fc.Arbitrary<unknown>, same: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return some({
    properties: byName(part),
    required: names,
    additionalProperties: part,
    patternProperties: byName(part, PATTERNS),
    propertyNames: same,
    minProperties: count,
    maxProperties: count,
    dependentRequired: fc.dictionary(fc.constantFrom(...NAMES), names, { maxKeys: 1 }),
    dependentSchemas: byName(same),
    unevaluatedProperties: fc.constantFrom(false, true),
  });
}

const { schema } = fc.letrec<{ schema: AnySchema }>((tie) => {
  const same = tie("schema");
  const part = fc.oneof({ maxDepth: 3 }, { weight: 4, arbitrary: same }, reference);
  const forms = fc.array(same, { minLength: 1, maxLength: 3 });
  const [arrays, objects] = [arraysOf(part), objectsOf(part, same)];
  // oxlint-disable-next-line no-thenable -- a keyword of JSON Schema
  const composed = some({ anyOf: forms, oneOf: forms, allOf: forms, not: same, if: same, then: same, else: same });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      simple,
      { weight: 3, arbitrary: ofType("object", objects) },
      { weight: 2, arbitrary: ofType("array", arrays) },
      objects,
      { weight: 2, arbitrary: composed },
      fc.tuple(composed, objects).map(([one, other]) => ({ ...one, ...other })),
    ) as fc.Arbitrary<AnySchema>,
  };
});

/** Schemas of whole documents: two definitions, which may lead to themselves and one another. */
export const documents: fc.Arbitrary<{ readonly [keyword: string]: unknown }> = fc
  .tuple(schema, schema, schema)
  .map(([root, x, y]) => ({ ...(typeof root === "boolean" ? { allOf: [root] } : root), $defs: { x, y } }));

/** Small schemas to put into others. */
export const parts: fc.Arbitrary<AnySchema> = schema;

/** A schema that differs from this one in one place, as a person might change it. */
export function edited(root: unknown, dice: Dice, fresh: AnySchema): unknown {
  if (typeof root !== "object" || root === null) return fresh;
  if (Array.isArray(root)) return editedList(root, dice, fresh);
  const entries = Object.entries(root);
  const within = entries.filter(([, each]) => typeof each === "object" && each !== null);
  if (within.length > 0 && dice.chance(0.6)) {
    const [keyword, inner] = dice.pick(within);
    return { ...root, [keyword]: edited(inner, dice, fresh) };
  }
  return editedHere(root, dice, fresh);
}

function editedHere(root: object, dice: Dice, fresh: AnySchema): object {
  const entries = Object.entries(root);
  const numeric = entries.filter(([, each]) => typeof each === "number");
  const change = dice.pick(["drop", "add", "wrap", "shift", "loosen", "type"]);
  if (change === "drop" && entries.length > 0) {
    const [keyword] = dice.pick(entries);
    return Object.fromEntries(entries.filter(([name]) => name !== keyword || keyword === "$defs"));
  }
  if (change === "shift" && numeric.length > 0) {
    const [keyword, number] = dice.pick(numeric) as [string, number];
    return { ...root, [keyword]: Math.max(keyword === "multipleOf" ? 1 : -2, number + dice.pick([-1, 1])) };
  }
  if (change === "type" && "type" in root)
    return { ...root, type: dice.pick(["number", "integer", "string", ["string", "null"]]) };
  if (change === "wrap" && !("$defs" in root)) return { [dice.pick(["anyOf", "allOf", "oneOf"])]: [root, fresh] };
  if (typeof fresh === "boolean") return root;
  return change === "loosen" ? { ...fresh, ...root } : { ...root, ...fresh };
}

function editedList(list: readonly unknown[], dice: Dice, fresh: AnySchema): unknown[] {
  const at = dice.whole(0, Math.max(0, list.length - 1));
  if (list.length > 1 && dice.chance(0.3)) return list.toSpliced(at, 1);
  const isOfWords = list.every((each) => typeof each === "string");
  if (isOfWords) return [...new Set([...list, dice.pick(NAMES)])];
  return dice.chance(0.3) ? [...list, fresh] : list.with(at, edited(list[at], dice, fresh));
}
