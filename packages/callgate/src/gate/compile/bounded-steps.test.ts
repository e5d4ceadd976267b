import { afterEach, describe, expect, it } from "vitest";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";
import { jsonSchema } from "../../define/schema.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import type { JsonSchemaObject } from "./json-schema.ts";
import { toValidator, type Validated } from "./validator.ts";

const TOO_MUCH = "is too deep or too large to be tried in all the forms that its schema allows";

/** A filter as search tools have it, the field that tells its forms apart standing last. */
function filterSchema(leaf: object = { type: "string" }): JsonSchemaObject {
  const of = { type: "array", items: { $ref: "#/$defs/filter" } };
  const combined = ["and", "or", "not"].map((op) => ({
    type: "object",
    properties: { of, op: { const: op } },
    required: ["op", "of"],
  }));
  const single = { type: "object", properties: { op: { const: "eq" }, field: leaf }, required: ["op", "field"] };
  const $defs = { filter: { anyOf: [...combined, single] } };
  return { type: "object", properties: { filter: { $ref: "#/$defs/filter" } }, required: ["filter"], $defs };
}

function nested(depth: number, leaf: object): object {
  return depth === 0 ? leaf : { op: "not", of: [nested(depth - 1, leaf)] };
}

const list = (length: number): unknown[] => Array.from({ length }, (_, index) => [index]);

/** What the process has had at most, in megabytes. */
const peak = (): number => process.resourceUsage().maxRSS / 1024;

function judge(schema: JsonSchemaObject, value: unknown): Validated {
  return toValidator(jsonSchema(schema))(value) as Validated;
}

describe("a tool whose forms refer to themselves", () => {
  let gate: TestGate;
  afterEach(() => gate.close());

  const things = (declaration: object): AnyDomain => {
    const domain = defineDomain("things", { owner: "o", purpose: "p", concern: "c" });
    const input = jsonSchema({ type: "object" });
    domain.read("find_things", { description: "Finds things.", input, scope: "things:read", ...declaration } as never);
    return domain;
  };

  it.each([11, 20, 60])(
    "[T1] refuses arguments %i deep that fit none, in little memory (SECURITY 25)",
    async (depth) => {
      gate = await openTestGate([things({ input: jsonSchema(filterSchema()), run: () => "ok" })]);
      const before = peak();
      const { code, error } = await gate.as("clerk:eve").call("find_things", { filter: nested(depth, { op: "eq" }) });
      expect(code).toBe("invalid_arguments");
      expect(error?.message).toContain(TOO_MUCH);
      expect(peak() - before).toBeLessThan(100);
    },
  );

  it("[T4] says what is wrong with a value that can be tried", async () => {
    gate = await openTestGate([things({ input: jsonSchema(filterSchema()), run: () => "ok" })]);
    const { error } = await gate.call("find_things", { filter: nested(4, { op: "eq" }) });
    expect(error?.message).toContain("filter.of.0.of.0.of.0.of.0.field: missing");
    const { texts } = await gate.call("find_things", { filter: nested(8, { op: "eq", field: "a" }) });
    expect(texts).toEqual(["ok"]);
  });

  it.each([11, 24, 5_000])("[T1] may not give %i levels that fit none (SECURITY 26)", async (depth) => {
    const run = (): object => ({ filter: nested(depth, { op: "eq" }) });
    gate = await openTestGate([things({ output: jsonSchema(filterSchema()), run })]);
    const before = peak();
    expect((await gate.call("find_things")).code).toBe("result_invalid");
    const [line] = gate.logged.filter(({ message }) => message.endsWith("does not fit its schema"));
    expect(line?.fields["problems"]).toEqual([expect.stringContaining(TOO_MUCH)]);
    expect(peak() - before).toBeLessThan(100);
  });
});

describe("the steps of a value (SECURITY 25)", () => {
  const many = (of: string): JsonSchemaObject => ({
    $ref: "#/$defs/a0",
    $defs: {
      ...Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => {
          const next = { $ref: `#/$defs/a${index + 1}` };
          return [`a${index}`, { [of]: [next, next] }];
        }),
      ),
      a40: { anyOf: [{ const: 1 }, { const: 2 }] },
    },
  });
  const listOfThem = { type: "array", items: { $dynamicRef: "#n" } };
  const deep = JSON.parse(`${"[".repeat(24)}2${"]".repeat(24)}`) as unknown;
  const branches = (branch: (index: number) => object): object[] => Array.from({ length: 1_000 }, (_, i) => branch(i));
  const long = "a".repeat(500_000);
  const numbers: number[] = Array.from({ length: 200_000 }, () => -999);

  it.each([
    ["forms that name one another", many("anyOf"), 3],
    ["one of forms that name one another", many("oneOf"), 3],
    ["all of forms that name one another", many("allOf"), 1],
    [
      "a reference that depends on where it is",
      { $dynamicAnchor: "n", anyOf: [listOfThem, listOfThem, { const: 1 }] },
      deep,
    ],
    ["forms beside each other", { items: { anyOf: branches((index) => ({ const: -index })) } }, numbers],
    ["lists read again and again", { allOf: branches((index) => ({ items: { minimum: -999 - index } })) }, numbers],
    ["items looked for", { anyOf: branches((index) => ({ contains: { const: index } })) }, numbers],
    ["items of which none is like another", { allOf: branches(() => ({ uniqueItems: true })) }, list(10_000)],
    [
      "names of a closed object",
      filterSchema({ type: "object", properties: {}, additionalProperties: false }),
      { filter: nested(9, { op: "eq", field: Object.fromEntries(list(9_900).map((key) => [`k${String(key)}`, 1])) }) },
    ],
    [
      "scalars of which none is like another",
      filterSchema({ type: "array", uniqueItems: true }),
      {
        filter: nested(9, {
          op: "eq",
          field: long
            .slice(0, 9_000)
            .split("")
            .map((_, index) => index),
        }),
      },
    ],
    ...["pattern", "format", "minLength", "maxLength"].map((keyword) => {
      const given = { pattern: "^a*$", format: "hostname", minLength: 1, maxLength: 1_000_000 }[keyword];
      const schema = filterSchema({ type: "string", [keyword]: given });
      return [`a text under ${keyword}`, schema, { filter: nested(9, { op: "eq", field: long }) }] as const;
    }),
  ] as const)("[T1] are counted: %s", (_what, schema, value) => {
    expect(judge(schema, value)).toEqual({
      ok: false,
      issues: [{ path: [], message: expect.stringContaining(TOO_MUCH) }],
    });
  });

  it("[T1] of one value are none of the next one's", () => {
    const validate = toValidator(jsonSchema(filterSchema()));
    for (let round = 0; round < 3; round += 1) {
      expect(validate({ filter: nested(20, { op: "eq" }) })).toMatchObject({ ok: false });
      expect(validate({ filter: nested(7, { op: "eq", field: "a" }) })).toMatchObject({ ok: true });
    }
  });

  it("[T1] suffice for what a megabyte may hold", () => {
    const field = { anyOf: [{ $ref: "#/$defs/text" }, { type: "null" }] };
    const properties = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, field]));
    const text = { type: "string", minLength: 1, maxLength: 80, pattern: "^[a-z]+$" };
    const rows = Array.from({ length: 5_000 }, () =>
      Object.fromEntries(Object.keys(properties).map((name, index) => [name, index % 3 === 0 ? null : "text"])),
    );
    const schema = { items: { $ref: "#/$defs/row" }, uniqueItems: false, $defs: { text, row: { properties } } };
    expect(judge(schema, rows)).toMatchObject({ ok: true });
    const node = { properties: { of: { type: "array", items: { $ref: "#/$defs/node" } } } };
    const tree = (depth: number): object => ({
      of: depth === 0 ? [] : Array.from({ length: 5 }, () => tree(depth - 1)),
    });
    expect(judge({ $ref: "#/$defs/node", $defs: { node } }, tree(7))).toMatchObject({ ok: true });
    expect(judge({ type: "array", uniqueItems: true }, list(60_000))).toMatchObject({ ok: true });
  });

  it("[T1] bound a format that is slow", () => {
    const validate = toValidator(jsonSchema({ type: "string", format: "url" }));
    const message = expect.stringContaining(TOO_MUCH) as string;
    expect(validate(`http://${":".repeat(100_000)}`)).toMatchObject({ ok: false, issues: [{ message }] });
    expect(validate(`https://example.com/${"a".repeat(200_000)}?b=c#d`)).toMatchObject({ ok: true });
    expect(validate("http://")).toMatchObject({ ok: false });
  });
});
