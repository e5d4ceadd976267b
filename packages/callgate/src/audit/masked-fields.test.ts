import { expect, test } from "vitest";
import { z } from "zod";
import { maskedFields } from "./masked-fields.ts";

test.each(["mask", "x-callgate-mask", "writeOnly"])("%s: true masks a property, at any depth", (keyword) => {
  const masked = { type: "string", [keyword]: true };
  const schema = {
    properties: {
      top: masked,
      open: { type: "string" },
      list: { type: "array", items: { properties: { inList: masked } } },
      texts: { type: "array", items: masked },
      any: { anyOf: [{ type: "null" }, masked] },
      named: { $ref: "#/$defs/secret" },
      tree: { $ref: "#/$defs/tree" },
    },
    $defs: {
      secret: masked,
      tree: { properties: { leaf: masked, children: { type: "array", items: { $ref: "#/$defs/tree" } } } },
    },
  };
  expect([...maskedFields(schema)].toSorted()).toEqual(["any", "inList", "leaf", "named", "texts", "top"]);
});

test("a property may be called like a keyword", () => {
  expect(
    maskedFields({
      properties: { properties: { properties: { mask: { type: "boolean" }, x: { format: "password" } } } },
    }),
  ).toEqual(new Set(["x"]));
});

test("what an author writes in zod arrives", () => {
  const schema = z.object({ guest: z.object({ diagnosis: z.string().meta({ mask: true }), name: z.string() }) });
  expect(maskedFields(z.toJSONSchema(schema))).toEqual(new Set(["diagnosis"]));
});

test.each([undefined, null, true, "x", {}, { $ref: "#" }, { properties: { a: { $ref: "#/nowhere" } } }])(
  "%j has none",
  (schema) => {
    expect(maskedFields(schema).size).toBe(0);
  },
);

test("a reference that cannot be decoded leads nowhere, and the rest is masked", () => {
  const properties = { odd: { $ref: "#/$defs/50%" }, pin: { format: "password" } };
  expect(maskedFields({ properties, $defs: { "50%": { mask: true } } })).toEqual(new Set(["pin"]));
});
