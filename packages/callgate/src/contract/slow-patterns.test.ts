import { expect, it } from "vitest";
import { compareSchemas } from "./compare-schemas.ts";
import type { SchemaObject } from "./subsumption/schema-document.ts";

// Were it run on this text, none of these tests would end.
const SLOW = "^(a+)+$";
const LONG = `${"a".repeat(50)}!`;

const changesOf = (before: SchemaObject, after: SchemaObject): readonly string[] =>
  compareSchemas({ side: "input", before, after, undeclared: "counted" }).map(
    ({ verdict, rule }) => `${verdict} ${rule}`,
  );

it("[K1] tries no slow pattern on a default (SECURITY 25)", () => {
  const before = { type: "string", pattern: SLOW };
  expect(changesOf(before, { ...before, default: LONG })).toEqual(["additive input.default"]);
});

it("[K1] calls breaking what depends on whether a slow pattern matches a name (SECURITY 25)", () => {
  const before = { type: "object", properties: { [LONG]: {} }, additionalProperties: false };
  const pattern = { [SLOW]: { type: "string" } };
  expect(changesOf(before, { ...before, patternProperties: pattern })).toContain("breaking input.type");
  const open = { type: "object", patternProperties: pattern, additionalProperties: false };
  expect(changesOf(before, open)).toContain("breaking input.removed");
});

it("[K1] does not say of a value that it is refused where a slow pattern may let it pass (SECURITY 25)", () => {
  const after = { type: "object", patternProperties: { [SLOW]: {} }, additionalProperties: false };
  const found = changesOf(after, { ...after, default: { [LONG]: 1 } });
  expect(found).toEqual(["additive input.default"]);
});

it("[K1] tries usual patterns as before", () => {
  const before = { type: "object", properties: { "x-note": { type: "string" } }, additionalProperties: false };
  const after = { type: "object", patternProperties: { "^x-": { type: "string" } }, additionalProperties: false };
  expect(changesOf(before, after).filter((change) => !change.endsWith(".removed"))).toEqual([
    "additive input.additionalProperties",
  ]);
  expect(changesOf({ type: "string" }, { type: "string", pattern: "^[A-Z]{3}$", default: "eur" })).toContain(
    "breaking input.default",
  );
});
