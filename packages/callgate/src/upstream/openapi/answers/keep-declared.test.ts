import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../wire/exchange.ts";
import { SchemaConverter } from "../schemas/schema-converter.ts";
import { keepDeclared } from "./keep-declared.ts";

const ID = { type: "object", properties: { id: {} } };
const BOTH = { id: 1, ssn: "123" };
const ONE = { id: 1 };

/** As an answer's schema in a document is served. */
function converted(schema: JsonObject): JsonObject {
  return new SchemaConverter({ version: "3.1", root: {}, place: {} }, "output").convert(schema) as JsonObject;
}

/** An object with a field `then` written out would be taken for a promise. */
function condition(asked: JsonObject, then: JsonObject, otherwise: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ if: asked, else: otherwise }).concat([["then", then]]));
}

interface Case {
  readonly name: string;
  readonly schema: JsonObject;
  readonly value: unknown;
  readonly kept: unknown;
}

describe("[G6] of an answer leaves the gate what its schema declares (SECURITY 25)", () => {
  it.each<Case>([
    { name: "properties", schema: ID, value: BOTH, kept: ONE },
    {
      name: "patternProperties, beside properties",
      schema: { ...ID, patternProperties: { "^x-": ID } },
      value: { ...BOTH, "x-a": BOTH },
      kept: { ...ONE, "x-a": ONE },
    },
    { name: "patternProperties alone", schema: { patternProperties: { "^i": {} } }, value: BOTH, kept: ONE },
    {
      name: "additionalProperties, for what the same schema does not name",
      schema: { properties: { own: ID }, additionalProperties: { properties: { name: {} } } },
      value: { own: { ...BOTH, name: "Kim" }, other: { ...BOTH, name: "Kim" } },
      kept: { own: ONE, other: { name: "Kim" } },
    },
    {
      name: "additionalProperties, for what another branch names",
      schema: { anyOf: [{ properties: { a: ID } }, { additionalProperties: { properties: { name: {} } } }] },
      value: { a: { ...BOTH, name: "Kim" } },
      kept: { a: { ...ONE, name: "Kim" } },
    },
    { name: "additionalProperties: true", schema: { ...ID, additionalProperties: true }, value: BOTH, kept: BOTH },
    { name: "additionalProperties: false", schema: { additionalProperties: false }, value: BOTH, kept: {} },
    {
      name: "unevaluatedProperties, for what nothing else names",
      schema: { allOf: [{ properties: { own: ID } }], unevaluatedProperties: { properties: { name: {} } } },
      value: { own: { ...BOTH, name: "Kim" }, other: { ...BOTH, name: "Kim" } },
      kept: { own: ONE, other: { name: "Kim" } },
    },
    { name: "unevaluatedProperties: false", schema: { unevaluatedProperties: false }, value: BOTH, kept: {} },
    { name: "a property that may not be", schema: { properties: { id: {}, ssn: false } }, value: BOTH, kept: ONE },
    { name: "nothing at all", schema: { type: "object" }, value: BOTH, kept: BOTH },
    ...["allOf", "anyOf", "oneOf"].map((keyword) => ({
      name: keyword,
      schema: { [keyword]: [ID, { properties: { name: {} } }] },
      value: { ...BOTH, name: "Kim" },
      kept: { ...ONE, name: "Kim" },
    })),
    {
      name: "if, then and else",
      schema: condition({ properties: { kind: {} } }, ID, { properties: { name: {} } }),
      value: { ...BOTH, kind: "dog", name: "Kim" },
      kept: { ...ONE, kind: "dog", name: "Kim" },
    },
    {
      name: "dependentSchemas, where what they depend on is there",
      schema: { ...ID, dependentSchemas: { id: { properties: { name: {} } }, none: { properties: { ssn: {} } } } },
      value: { ...BOTH, name: "Kim" },
      kept: { ...ONE, name: "Kim" },
    },
    { name: "items", schema: { items: ID }, value: [BOTH, 7, BOTH], kept: [ONE, 7, ONE] },
    {
      name: "prefixItems, and no item beyond them",
      schema: { prefixItems: [ID, true] },
      value: [BOTH, BOTH, BOTH],
      kept: [ONE, BOTH],
    },
    {
      name: "items beyond prefixItems",
      schema: { prefixItems: [{}], items: ID },
      value: [BOTH, BOTH, BOTH],
      kept: [BOTH, ONE, ONE],
    },
    {
      name: "unevaluatedItems beyond prefixItems",
      schema: { allOf: [{ prefixItems: [{}] }], unevaluatedItems: ID },
      value: [BOTH, BOTH],
      kept: [BOTH, ONE],
    },
    { name: "a list of whatever", schema: { type: "array" }, value: [BOTH], kept: [BOTH] },
    {
      name: "$ref to $defs, by whatever name",
      schema: { properties: { a: { $ref: "#/$defs/a~1b%25" } }, $defs: { "a/b%": ID } },
      value: { a: BOTH },
      kept: { a: ONE },
    },
    {
      name: "$ref to the whole",
      schema: { properties: { id: {}, mother: { $ref: "#" } } },
      value: { ...BOTH, mother: BOTH },
      kept: { ...ONE, mother: ONE },
    },
    {
      name: "$ref that leads in a circle",
      schema: { $ref: "#/$defs/a", $defs: { a: { allOf: [{ $ref: "#/$defs/b" }, ID] }, b: { $ref: "#/$defs/a" } } },
      value: BOTH,
      kept: ONE,
    },
  ])("by $name", ({ schema, value, kept }) => {
    expect(keepDeclared(schema, value)).toEqual(kept);
  });

  it("at any depth, and an open object whole", () => {
    const schema = {
      type: "object",
      properties: {
        a: { anyOf: [{ properties: { x: {} } }, { $ref: "#/$defs/Y" }] },
        open: { type: "object" },
        map: { additionalProperties: { properties: { k: {} } } },
      },
      $defs: { Y: { properties: { y: { items: { properties: { z: {} } } } } } },
    };
    const value = { a: { x: 1, y: [{ z: 1, no: 1 }], no: 1 }, open: { any: 1 }, map: { m: { k: 1, no: 1 } }, no: 1 };
    expect(keepDeclared(schema, value)).toEqual({ a: { x: 1, y: [{ z: 1 }] }, open: { any: 1 }, map: { m: { k: 1 } } });
  });

  it("by a condition of the document, without holding the API to it", () => {
    const output = converted({
      type: "object",
      properties: { kind: {} },
      ...condition(
        { properties: { kind: { const: "dog" } } },
        { properties: { bark: { type: "string" } }, required: ["bark"] },
        { properties: { purr: { type: "string" } } },
      ),
      dependentSchemas: { chip: { properties: { number: { type: "string" } } } },
      allOf: [{ required: ["kind"] }],
      unevaluatedProperties: false,
    });
    const answer = { kind: "dog", bark: 1, purr: "no", chip: 1, number: "x" };
    expect(new Ajv2020({ strict: false }).validate(output, answer)).toBe(true);
    expect(keepDeclared(output, answer)).toEqual({ kind: "dog", bark: 1, purr: "no", number: "x" });
  });

  it("by what the document says of whatever it does not name", () => {
    const output = converted({ type: "object", properties: { kind: {} }, unevaluatedProperties: ID });
    expect(keepDeclared(output, { kind: "dog", owner: BOTH })).toEqual({ kind: "dog", owner: ONE });
  });

  it("however deep a value is that two branches describe alike", () => {
    const branch = () => ({ properties: { child: { $ref: "#" } } });
    let value: JsonObject = { ssn: 1 };
    for (let depth = 0; depth < 60; depth += 1) value = { child: value, ssn: 1 };
    expect(JSON.stringify(keepDeclared({ anyOf: [branch(), branch()] }, value))).not.toContain("ssn");
  });
});
