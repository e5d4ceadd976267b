import { describe, expect, it } from "vitest";
import { compareSchemas } from "./compare-schemas.ts";
import type { SchemaObject } from "./subsumption/schema-document.ts";

const sound: SchemaObject = {
  type: "object",
  properties: { a: { type: "string", enum: ["x", "y"] }, n: { type: "integer" }, l: { type: "array" } },
  required: ["a"],
};
const at = (field: string, schema: unknown): SchemaObject => ({
  ...sound,
  properties: { ...(sound["properties"] as SchemaObject), [field]: schema },
});

const changesOf = (before: SchemaObject, after: SchemaObject, side: "input" | "output") =>
  compareSchemas({ side, before, after, undeclared: "ignored" });

const cases: readonly (readonly [string, SchemaObject])[] = [
  ["a reference that cannot be decoded", at("a", { $ref: "#/$defs/50%" })],
  ["a reference that is no text", at("a", { $ref: 5 })],
  ["properties null", { ...sound, properties: null }],
  ["properties in a list", { ...sound, properties: [{ type: "string" }] }],
  ["a property that is no schema", at("a", null)],
  ["required that is a text", { ...sound, required: "abc" }],
  ["required with what is no name", { ...sound, required: ["a", 1] }],
  ["an enum that is no list", at("a", { type: "string", enum: {} })],
  ["a type that there is not", at("a", { type: "str" })],
  ["a type that is an object", at("a", { type: {} })],
  ["prefixItems that is a text", at("l", { type: "array", prefixItems: "x" })],
  ["items that are a number", at("l", { type: "array", items: 5 })],
  ["a bound that is a text", at("n", { type: "integer", minimum: "3" })],
  ["a pattern that is a number", at("a", { type: "string", pattern: 5, default: "5" })],
  ["no forms", at("a", { anyOf: [] })],
  ["forms that are an object", at("a", { oneOf: { type: "string" } })],
  ["a refusal that is a text", at("a", { not: "string" })],
  ["dependentRequired with a text", { ...sound, dependentRequired: { a: "n" } }],
  ["dependentSchemas null", { ...sound, dependentSchemas: null }],
  ["patternProperties that are a text", { ...sound, patternProperties: "^x-" }],
  ["additionalProperties null", { ...sound, additionalProperties: null }],
  // oxlint-disable-next-line no-thenable -- the keyword of JSON Schema
  ["a branch that is a number", at("a", { if: { const: "x" }, then: 5 })],
  ["a default within it", { ...sound, required: "abc", default: {} }],
];

describe("[K1] a malformed keyword is unknown", () => {
  it.each(cases)("so that its coming is breaking, and its going does not throw: %s", (_what, odd) => {
    for (const side of ["input", "output"] as const) {
      expect(changesOf(sound, odd, side).map(({ verdict }) => verdict)).toContain("breaking");
      expect(changesOf(odd, sound, side).map(({ verdict }) => verdict)).toContain("breaking");
    }
  });

  it("said where it stands", () => {
    expect(changesOf(sound, { ...sound, required: "abc" }, "input")).toMatchObject([
      { verdict: "breaking", rule: "input.unknown", pointer: "/required" },
      { verdict: "additive", rule: "input.required", pointer: "/required" },
    ]);
  });

  it("which means the same in the same words", () => {
    const odd = { ...sound, patternProperties: "^x-" };
    expect(changesOf(odd, { ...odd, title: "A stay" }, "input").map(({ verdict }) => verdict)).toEqual(["wording"]);
  });
});
