import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHeaderValue } from "./header-value.ts";
import { checkParamHeaders, scanParamHeaders } from "./param-headers.ts";

const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString("base64")}?=`;

const schema = {
  type: "object",
  properties: {
    region: { type: "string", "x-mcp-header": "Region" },
    filter: { type: "object", properties: { limit: { type: "integer", "x-mcp-header": "Limit" } } },
    urgent: { type: "boolean", "x-mcp-header": "Urgent" },
  },
};

function check(args: Record<string, unknown>, headers: Record<string, string>): string {
  const scan = scanParamHeaders(schema);
  if (!scan.ok) throw new Error(scan.fault);
  const get = (name: string): string | null | undefined => {
    const value = headers[name];
    return value === undefined ? undefined : decodeHeaderValue(value);
  };
  const fault = checkParamHeaders(scan.declarations, args, { get });
  return fault === undefined ? "passes" : `${fault.code} on ${fault.httpStatus}`;
}

describe("scanParamHeaders", () => {
  it("finds declarations at any depth of properties", () => {
    expect(scanParamHeaders(schema)).toEqual({
      ok: true,
      declarations: [
        { name: "Region", path: ["region"], type: "string" },
        { name: "Limit", path: ["filter", "limit"], type: "integer" },
        { name: "Urgent", path: ["urgent"], type: "boolean" },
      ],
    });
  });

  const region = { type: "string", "x-mcp-header": "Region" };
  it.each([
    ["at the root", { type: "object", "x-mcp-header": "All" }],
    ["not a token", { properties: { a: { type: "string", "x-mcp-header": "My Region" } } }],
    ["empty", { properties: { a: { type: "string", "x-mcp-header": "" } } }],
    ["no string", { properties: { a: { type: "string", "x-mcp-header": 7 } } }],
    ["a line break", { properties: { a: { type: "string", "x-mcp-header": "A\r\nB" } } }],
    ["a number", { properties: { a: { type: "number", "x-mcp-header": "A" } } }],
    ["an object", { properties: { a: { type: "object", "x-mcp-header": "A" } } }],
    ["no type", { properties: { a: { "x-mcp-header": "A" } } }],
    ["twice", { properties: { a: region, b: { ...region, "x-mcp-header": "REGION" } } }],
    ["in items", { properties: { a: { type: "array", items: region } } }],
    ["in a branch", { oneOf: [{ properties: { a: region } }] }],
    ["in definitions", { $defs: { a: region } }],
    ["in a condition", { if: { properties: { a: region } } }],
    ["in additional properties", { additionalProperties: region }],
  ])("finds fault with a declaration %s", (_where, bad) => {
    expect(scanParamHeaders(bad)).toMatchObject({ ok: false });
  });

  it("takes a property that is called like a keyword, and data that looks like a declaration", () => {
    const properties = { items: region, "x-mcp-header": { type: "string" }, b: { default: { "x-mcp-header": "B" } } };
    expect(scanParamHeaders({ properties })).toMatchObject({ ok: true, declarations: [{ path: ["items"] }] });
  });
});

describe("checkParamHeaders", () => {
  it.for<[string, Record<string, unknown>, Record<string, string>, string]>([
    ["equal", { region: "eu" }, { Region: "eu" }, "passes"],
    ["equal in Base64", { region: "Zürich" }, { Region: base64("Zürich") }, "passes"],
    ["literal that looks half like Base64", { region: "=?base64?SGVsbG8=" }, { Region: "=?base64?SGVsbG8=" }, "passes"],
    ["absent with its argument", {}, {}, "passes"],
    ["there without its argument", {}, { Region: "eu" }, "passes"],
    ["null argument", { region: null }, {}, "passes"],
    ["integer written as decimal", { filter: { limit: 42 } }, { Limit: "42.0" }, "passes"],
    ["boolean", { urgent: true }, { Urgent: "true" }, "passes"],
    ["missing", { region: "eu" }, {}, "-32020 on 400"],
    ["different", { region: "eu" }, { Region: "us" }, "-32020 on 400"],
    ["different in case", { urgent: true }, { Urgent: "TRUE" }, "-32020 on 400"],
    ["different number", { filter: { limit: 42 } }, { Limit: "43" }, "-32020 on 400"],
    ["integer beyond exactness, unsaid", { filter: { limit: 2 ** 53 + 2 } }, {}, "passes"],
    [
      "integer beyond exactness, said",
      { filter: { limit: 2 ** 53 + 2 } },
      { Limit: "9007199254740994" },
      "-32020 on 400",
    ],
    ["integer beside one beyond exactness", { filter: { limit: 2 ** 53 + 2 } }, { Limit: "1" }, "-32020 on 400"],
    ["Base64 without padding", { region: "Hello" }, { Region: "=?base64?SGVsbG8?=" }, "-32020 on 400"],
    ["Base64 with foreign characters", { region: "Hello" }, { Region: "=?base64?SGVs!!!bG8=?=" }, "-32020 on 400"],
    ["Base64 of no UTF-8", { region: "x" }, { Region: "=?base64?/w==?=" }, "-32020 on 400"],
  ])("%s", ([_what, args, headers, outcome]) => {
    expect(check(args, headers)).toBe(outcome);
  });

  it("passes any text that is sent as Base64", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const wellFormed = text.toWellFormed();
        expect(check({ region: wellFormed }, { Region: base64(wellFormed) })).toBe("passes");
      }),
    );
  });

  it("checks nothing where the transport has no headers", () => {
    expect(checkParamHeaders([{ name: "A", path: ["a"], type: "string" }], { a: "x" }, undefined)).toBeUndefined();
  });
});
