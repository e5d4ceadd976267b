import { expect, it } from "vitest";
import { jsonSchema } from "../../define/schema.ts";
import { toValidator } from "./validator.ts";

const line = {
  type: "object",
  properties: {
    kind: { enum: ["card", "bank"] },
    version: { const: 2 },
    size: { enum: Array.from(Array(200).keys()) },
  },
  required: ["kind"],
  additionalProperties: false,
};

it.each([
  [{ kind: "cash" }, "kind", 'must be one of "card", "bank"'],
  [{}, "kind", "missing"],
  [{ kind: "card", colour: "red" }, "colour", "there is no such field"],
  [{ kind: "card", version: 1 }, "version", "must be 2"],
  [{ kind: "card", size: -1 }, "size", "must be one of the values in the schema"],
])("[T4] %j is told by its field, and by what may stand there", async (wrong, field, message) => {
  const validate = toValidator(jsonSchema({ type: "object", properties: { lines: { type: "array", items: line } } }));
  expect(await validate({ lines: [wrong] })).toEqual({ ok: false, issues: [{ path: ["lines", "0", field], message }] });
});

it("[T4] a field that only the whole of a schema rules out is named too", async () => {
  const validate = toValidator(
    jsonSchema({ allOf: [{ properties: { a: {} } }], type: "object", unevaluatedProperties: false }),
  );
  expect(await validate({ a: 1, b: 2 })).toEqual({
    ok: false,
    issues: [{ path: ["b"], message: "there is no such field" }],
  });
});
