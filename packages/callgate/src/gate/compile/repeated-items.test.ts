import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSchema } from "./ajv.ts";
import { value } from "./testing/json-values.ts";

const compile = (schema: object): ReturnType<typeof compileSchema> => compileSchema(schema, JSON.stringify(schema));
const plain = new Ajv2020({ strict: false, allErrors: false, logger: false });

/** Where items are scalars, ajv names the first two that are equal instead of the last. */
const wordsOf = ({ errors }: ReturnType<typeof compile>): unknown =>
  errors?.map(({ schemaPath, message }) => [schemaPath, message?.replace(/\d+ and \d+/, "two")]);

describe("items of which none may be like another", () => {
  it.each([{}, { items: { type: "object" } }, { items: { type: ["string", "number"] } }])(
    "[T1] are judged as ajv judges them: %j",
    (more) => {
      const schema = { type: "array", uniqueItems: true, ...more };
      const [ours, theirs] = [compile(schema), plain.compile(schema)];
      fc.assert(
        fc.property(fc.array(value, { maxLength: 6 }), (items) => {
          expect(ours(items)).toBe(theirs(items));
          expect(wordsOf(ours)).toEqual(wordsOf(theirs));
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it("[T1] are equal whatever the order of their names", () => {
    const unique = compile({ uniqueItems: true });
    expect(unique([{ a: 1, b: [2] }, 7, { b: [2.0], a: 1.0 }])).toBe(false);
    expect(unique.errors).toMatchObject([
      {
        keyword: "uniqueItems",
        params: { i: 2, j: 0 },
        message: "must NOT have duplicate items (items ## 0 and 2 are identical)",
      },
    ]);
    expect(compile({ uniqueItems: true, items: { type: "string" } })(["__proto__", "__proto__"])).toBe(false);
  });

  it("[T1] may all be alike where that is allowed", () => {
    expect(compile({ uniqueItems: false })([1, 1])).toBe(true);
  });
});
