import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSchema } from "./ajv.ts";
import { name, value } from "./testing/json-values.ts";

const compile = (schema: object): ReturnType<typeof compileSchema> => compileSchema(schema, JSON.stringify(schema));
const plain = new Ajv2020({ strict: false, allErrors: false, logger: false });

describe("a schema whose steps are counted", () => {
  const schema = fc.letrec<{ schema: object }>((tie) => {
    const forms = fc.array(tie("schema"), { minLength: 1, maxLength: 3 });
    return {
      schema: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(
          { $ref: "#/$defs/root" },
          { $ref: "#/$defs/a" },
          { type: "string" },
          { const: "a" },
          { minLength: 1 },
          { maxItems: 1 },
        ),
        forms.map((anyOf) => ({ anyOf })),
        forms.map((oneOf) => ({ oneOf })),
        forms.map((allOf) => ({ allOf })),
        tie("schema").map((not) => ({ not })),
        fc.record({ items: tie("schema"), uniqueItems: fc.boolean() }),
        // What ajv says of an empty list is not ours: see short-lists.
        tie("schema").map((contains) => ({ minItems: 1, contains })),
        fc.record({
          properties: fc.dictionary(name, tie("schema"), { maxKeys: 3, noNullPrototype: true }),
          required: fc.subarray(["op"]),
        }),
        tie("schema").map((additionalProperties) => ({ properties: { a: {} }, additionalProperties })),
        tie("schema").map((part) => ({
          patternProperties: { "^o": part },
          unevaluatedProperties: false,
          maxProperties: 2,
        })),
        tie("schema").map((propertyNames) => ({ propertyNames })),
      ),
    };
  }).schema;

  it("[T1] judges every value as ajv does, in the same words", () => {
    fc.assert(
      fc.property(schema, schema, fc.array(value, { minLength: 1, maxLength: 5 }), (root, a, values) => {
        // Each reference goes a level down: one that leads to itself alone has no end.
        const $defs = { root: { items: root, additionalProperties: root }, a: { items: a } };
        const whole = { $ref: "#/$defs/root", $defs };
        const [ours, theirs] = [compile(whole), plain.compile(whole)];
        for (const each of values) {
          expect(ours(each)).toBe(theirs(each));
          expect(ours.errors?.map(told)).toEqual(theirs.errors?.map(told));
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Which of two equal items is the first depends in ajv on what else is said of the items. */
function told({ keyword, instancePath, schemaPath, params, message }: ErrorObject): object {
  if (keyword === "uniqueItems") return { keyword, instancePath, schemaPath, equal: new Set(Object.values(params)) };
  return { keyword, instancePath, schemaPath, params, message };
}
