import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { to2020 } from "./to-2020-12.ts";

const draft7 = "http://json-schema.org/draft-07/schema#";

it.each([
  [
    "a tuple",
    { items: [{ type: "string" }, { type: "number" }], additionalItems: false },
    [
      ["a", 1],
      ["a", "b"],
      ["a", 1, 2],
    ],
  ],
  [
    "dependencies",
    { dependencies: { a: ["b"], c: { required: ["d"] } } },
    [{ a: 1 }, { a: 1, b: 1 }, { c: 1 }, { c: 1, d: 1 }],
  ],
  [
    "words beside a reference",
    { definitions: { n: { type: "number" } }, properties: { n: { $ref: "#/definitions/n", maximum: 1 } } },
    [{ n: 5 }, { n: "x" }],
  ],
  [
    "a field that is called like a keyword",
    { properties: { items: { type: "array" } } },
    [{ items: [] }, { items: 1 }],
  ],
])("[G1] says %s of draft 7 in the words of 2020-12", (_what, schema, values) => {
  const before = new Ajv({ strict: false }).compile({ $schema: draft7, ...schema });
  const after = new Ajv2020({ strict: false }).compile(to2020({ $schema: draft7, ...schema }));
  for (const value of values) expect(after(value), JSON.stringify(value)).toBe(before(value));
});

it("says an exclusive bound of draft 4 as a number", () => {
  expect(to2020({ minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false })).toEqual({
    exclusiveMinimum: 1,
    maximum: 5,
  });
});
