import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonFault, parseStrictJson } from "./strict-json.ts";

function faultOf(text: string | Buffer): string {
  try {
    parseStrictJson(Buffer.from(text as string));
  } catch (error) {
    if (error instanceof JsonFault) return `${error.code} ${error.message}`;
    throw error;
  }
  return "taken";
}

describe("parseStrictJson", () => {
  it("reads every JSON text as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(parseStrictJson(Buffer.from(text))).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses exactly what JSON.parse refuses, whatever bytes come", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[]:,"\\u0ab1e-. \n')) }), (text) => {
        let plain = true;
        try {
          JSON.parse(text);
        } catch {
          plain = false;
        }
        const fault = faultOf(text);
        expect(fault === "taken" || fault.includes("same key twice")).toBe(plain);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['{"a":1,"a":1}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"x":{"a":{"b":1},"c":2,"a":3}}'],
    ['[{"a":1},{"b":1,"b":1}]'],
    ['{"__proto__":1,"__proto__":2}'],
  ])("refuses a key that stands twice: %s", (text) => {
    expect(faultOf(text)).toBe("-32600 An object in the message has the same key twice.");
  });

  it("refuses a doubled key wherever it is put", () => {
    fc.assert(
      fc.property(fc.string(), fc.tuple(fc.jsonValue(), fc.jsonValue()), fc.nat(20), (...[key, values, depth]) => {
        const [first, second] = values;
        const name = JSON.stringify(key);
        const twice = `{${name}:${JSON.stringify(first)},"other${"x".repeat(key.length)}":1,${name}:${JSON.stringify(second)}}`;
        expect(faultOf("[".repeat(depth) + twice + "]".repeat(depth))).toContain("same key twice");
      }),
    );
  });

  it.each([
    ["a name in a string is no key", '{"a":"{\\"a\\":1,\\"a\\":2}","b":"a\\\\"}'],
    ["the same key in different objects", '{"a":{"a":1},"b":[{"a":1},{"a":2}]}'],
    ["64 levels", `${"[".repeat(64)}${"]".repeat(64)}`],
    ["both halves of a surrogate pair", '["\\ud83d\\ude00", "😀"]'],
    ["what only looks like an escape", '["\\\\ud83d"]'],
  ])("takes %s", (_what, text) => {
    expect(faultOf(text)).toBe("taken");
  });

  it.each([
    ["65 levels", `${"[".repeat(65)}${"]".repeat(65)}`, "-32600 The message is nested too deeply."],
    ["a million levels", "[".repeat(1_000_000), "-32600 The message is nested too deeply."],
    [
      "10,001 keys",
      JSON.stringify(Object.fromEntries([...Array(10_001).keys()].map((n) => [n, n]))),
      "-32600 The message has too many keys.",
    ],
    ["half of a surrogate pair", '{"a":["\\ud83d"]}', "-32600 A text in the message has half of a surrogate pair."],
    [
      "half of a surrogate pair in a key",
      '{"a":{"\\uDE00x":1}}',
      "-32600 A text in the message has half of a surrogate pair.",
    ],
    ["half a text", '{"a":', "-32700 The message is not valid JSON."],
    ["nothing", "", "-32700 The message is not valid JSON."],
    ["a byte order mark", "\ufeff{}", "-32700 The message is not valid JSON."],
    ["an open string", '"abc\\', "-32700 The message is not valid JSON."],
  ])("refuses %s", (_what, text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it.each([
    [[0x22, 0xff, 0x22]],
    [[0x22, 0xc0, 0xaf, 0x22]],
    [[0x22, 0xed, 0xa0, 0x80, 0x22]],
    [[0x22, 0xf0, 0x9f, 0x98, 0x22]],
  ])("refuses bytes that are not UTF-8: %j", (bytes) => {
    expect(() => parseStrictJson(Buffer.from(bytes))).toThrow("The message is not valid UTF-8.");
  });

  it("leaves prototypes alone", () => {
    const text = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
    const value = parseStrictJson(Buffer.from(text)) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
    expect((value as Record<string, unknown>)["admin"]).toBeUndefined();
  });
});
