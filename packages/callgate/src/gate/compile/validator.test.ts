import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonSchema } from "../../define/schema.ts";
import { toJsonSchema } from "./json-schema.ts";
import { toInputValidator, toValidator } from "./validator.ts";

const withId = (type: string): ReturnType<typeof toValidator> =>
  toValidator(jsonSchema({ $id: "https://example.com/input.json", $ref: "#/$defs/own", $defs: { own: { type } } }));

describe("a JSON Schema", () => {
  it("[T1] may bear the id that another one bears", async () => {
    const [texts, numbers] = [withId("string"), withId("number")];
    expect(await texts("a")).toMatchObject({ ok: true });
    expect(await numbers("a")).toMatchObject({ ok: false });
    expect(await numbers(1)).toMatchObject({ ok: true });
  });

  it("[T1] may refer to itself as a whole", () => {
    const node = { type: "object", properties: { of: { items: { $ref: "#" } }, x: { $ref: "#/$defs/x" } } };
    for (const more of [{}, { $id: "https://example.com/node.json" }, { not: { required: ["toString"] } }]) {
      const validate = toValidator(
        jsonSchema({ ...node, ...more, $defs: { x: { properties: { node: { $ref: "#" } } } } }),
      );
      expect(validate({ of: [{ of: [{}] }], x: { node: {} } })).toMatchObject({ ok: true });
      expect(validate({ of: [{ of: [1] }] })).toMatchObject({ ok: false });
      expect(validate({ x: { node: { of: [1] } } })).toMatchObject({ ok: false });
    }
  });

  it("[T1] fills in its defaults, and leaves what was sent as it was", async () => {
    const validate = toValidator(jsonSchema({ type: "object", properties: { size: { default: 7 } } }));
    const sent = {};
    expect(await validate(sent)).toEqual({ ok: true, value: { size: 7 } });
    expect(sent).toEqual({});
  });

  it("[T1] is not misled by what every object inherits (SECURITY 25)", () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      const properties = JSON.parse(`{ "${name}": { "type": "string" } }`) as object;
      const own = JSON.parse(`{ "${name}": "a" }`) as object;
      const needs = toValidator(jsonSchema({ type: "object", required: [name] }));
      expect(needs({}), name).toMatchObject({ ok: false, issues: [{ path: [name] }] });
      expect(needs(own), name).toMatchObject({ ok: true });
      const may = toValidator(jsonSchema({ type: "object", properties, dependentRequired: { [name]: ["b"] } }));
      expect(may({}), name).toMatchObject({ ok: true });
      expect(may(own), name).toMatchObject({ ok: false });
      expect(may({ [name]: 7, b: 1 }), name).toMatchObject({ ok: false });
      expect(may({ [name]: "a", b: 1 }), name).toMatchObject({ ok: true });
    }
  });

  it.each([
    ["^[a-z]*[a-z]*[a-z]*!$", "a"],
    ["^\\s*(.*?)\\s*;$", " "],
    ["[a-z]+[0-9]", "a"],
    ["\\d+-\\d+$", "1"],
    [`^${"[a-z]{0,64}".repeat(10)}!$`, "a"],
    [`^${"a?".repeat(30)}b$`, "a"],
    ["^(?:(?=.*x)a)*$", "a"],
  ])(
    "[T1] tries no text on a pattern that is slow for it, nor many of them: %s (SECURITY 25)",
    async (pattern, character) => {
      const texts = { type: "array", items: { type: "string", pattern } };
      const names = { type: "object", patternProperties: { [pattern]: { type: "number" } } };
      const validate = toValidator(jsonSchema({ type: "object", properties: { texts, names } }));
      const began = performance.now();
      for (const length of [50_000, 200_000]) {
        const long = character.repeat(length);
        const message = expect.stringMatching(/must not have more than \d+ characters/) as string;
        expect(await validate({ texts: [long] })).toMatchObject({ issues: [{ path: ["texts", "0"], message }] });
        expect(await validate({ names: { [long]: 1 } })).toMatchObject({ issues: [{ path: [], message }] });
      }
      for (const length of [300, 1_000, 3_000]) {
        const many = Array.from({ length: 3_000 }, () => character.repeat(length));
        expect(await validate({ texts: many })).toMatchObject({ ok: false });
      }
      // Without bounds some of them take longer than anybody waits.
      expect(performance.now() - began).toBeLessThan(10_000);
    },
  );

  it("[T1] of a library bounds what its patterns are tried on, in whatever it looks first (SECURITY 25)", async () => {
    const slow = z.string().regex(/^\s*(.*?)\s*;$/);
    const input = z.object({ first: z.number(), all: z.array(z.union([slow, z.string()])), last: slow.optional() });
    const validate = toInputValidator(input, toJsonSchema(input, "input", {}));
    const long = " ".repeat(100_000);
    const began = performance.now();
    const message = expect.stringMatching(/must not have more than \d+ characters/) as string;
    for (const value of [{ all: ["a", long] }, { first: 1, all: [], last: long }, { all: ["a"], last: long }])
      expect(await validate(value)).toMatchObject({ ok: false, issues: [{ message }] });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await validate({ first: 1, all: ["a;", "b"], last: " c;" })).toMatchObject({ ok: true });
    expect(await validate({ first: 1, all: [], last: " c" })).toMatchObject({ issues: [{ path: ["last"] }] });
  });

  it("[T1] of a library bounds its patterns in forms that refer to themselves, however deep (SECURITY 25)", async () => {
    const combined = (op: string) =>
      z.object({
        op: z.literal(op),
        get of() {
          return z.array(filter);
        },
      });
    const single = z.object({ op: z.literal("eq"), field: z.string().regex(/^\s*(.*?)\s*;$/) });
    const filter: z.ZodType = z.lazy(() => z.union([combined("and"), combined("or"), combined("not"), single]));
    const input = z.object({ filter });
    const validate = toInputValidator(input, toJsonSchema(input, "input", {}));
    const nested = (depth: number, field: string): object =>
      depth === 0 ? { op: "eq", field } : { op: "or", of: [nested(depth - 1, field)] };
    expect(await validate({ filter: nested(25, "a;") })).toMatchObject({ ok: true });
    const message = expect.stringMatching(/must not have more than \d+ characters/) as string;
    expect(await validate({ filter: nested(25, " ".repeat(100_000)) })).toMatchObject({ issues: [{ message }] });
  });

  it.each([
    ["^[\\w.-]+@[\\w.-]+\\.[a-z]{2,}$", `ann@${"a.".repeat(50_000)}com`],
    ["^\\w+(?:[ -]\\w+)*$", "word ".repeat(50_000).trim()],
    ["\\S+", "word ".repeat(50_000)],
    ["^(?=.*[a-z])(?=.*\\d).{8,}$", "a1".repeat(50_000)],
    [z.regexes.base64.source, "abcd".repeat(50_000)],
    [z.regexes.base64url.source, "ab-_".repeat(50_000)],
    [z.regexes.email.source, `${"a".repeat(50_000)}@example.com`],
    [z.regexes.duration.source, "P3DT12H30M5S"],
    [z.regexes.hostname.source, "a-b.example.com"],
    ["^\\s*(.*?)\\s*;$", `${" ".repeat(50)}select 1 ;`],
  ])("[T1] tries usual patterns on what they are for: %s", async (pattern, text) => {
    const validate = toValidator(jsonSchema({ type: "object", properties: { text: { type: "string", pattern } } }));
    expect(await validate({ text })).toMatchObject({ ok: true });
  });

  it("[T4] names the field that is wrong or missing", async () => {
    const schema = { type: "object", properties: { "a/b": { type: "array", items: { type: "number" } } } };
    const validate = toValidator(jsonSchema({ ...schema, required: ["a/b"] }));
    expect(await validate({ "a/b": [1, "two"] })).toMatchObject({ issues: [{ path: ["a/b", "1"] }] });
    expect(await validate({})).toMatchObject({ issues: [{ path: ["a/b"] }] });
  });
});
