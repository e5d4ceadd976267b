import { describe, expect, it } from "vitest";
import { jsonSchema } from "../../define/schema.ts";
import { toValidator } from "./validator.ts";

const withId = (type: string): ReturnType<typeof toValidator> =>
  toValidator(jsonSchema({ $id: "https://example.com/input.json", $ref: "#/$defs/own", $defs: { own: { type } } }));

describe("a JSON Schema", () => {
  it("[T1] may bear the id that another one bears", async () => {
    const [texts, numbers] = [withId("string"), withId("number")];
    expect(await texts("a")).toMatchObject({ ok: true });
    expect(await numbers("a")).toMatchObject({ ok: false });
    expect(await numbers(1)).toMatchObject({ ok: true });
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

  it("[T4] names the field that is wrong or missing", async () => {
    const schema = { type: "object", properties: { "a/b": { type: "array", items: { type: "number" } } } };
    const validate = toValidator(jsonSchema({ ...schema, required: ["a/b"] }));
    expect(await validate({ "a/b": [1, "two"] })).toMatchObject({ issues: [{ path: ["a/b", "1"] }] });
    expect(await validate({})).toMatchObject({ issues: [{ path: ["a/b"] }] });
  });
});
