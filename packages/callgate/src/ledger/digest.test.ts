import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, toCanonicalJson } from "./digest.ts";

const digest = (input: unknown): string => digestOf({ tool: "create_booking", contractHash: "c1", input });

function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member, seed)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (seed % 2 === 0 ? 1 : -1) * (a < b ? 1 : -1)));
}

/** As JSON carries it; fast-check's texts have no lone surrogates. */
const jsonText = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe("digest", () => {
  it("[W2] does not depend on the order of keys", () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), (value, seed) => {
        expect(digest(shuffled(value, seed))).toBe(digest(value));
      }),
    );
  });

  it("[W2] is the same for 1.0 and 1, for -0 and 0, and for other white space, as JSON means the same by them", () => {
    expect(digest(JSON.parse('{"a": 1.0, "b":-0}'))).toBe(digest(JSON.parse('{ "b": 0, "a": 1e0 }')));
  });

  it("[W2] is the same where a field is absent and where it is undefined", () => {
    expect(digest({ a: 1, b: undefined })).toBe(digest({ a: 1 }));
  });

  it("[W2] differs for any two values that are not the same JSON (SECURITY 17)", () => {
    fc.assert(
      fc.property(jsonText, jsonText, (one, other) => {
        const same = JSON.stringify(shuffled(one, 0)) === JSON.stringify(shuffled(other, 0));
        expect(digest(one) === digest(other)).toBe(same);
      }),
    );
  });

  it.each([
    ["another value", { a: "1" }, { a: "2" }],
    ["another type", { a: "1" }, { a: 1 }],
    ["null for absent", { a: null }, {}],
    ["an extra field", { a: 1 }, { a: 1, b: 1 }],
    ["another Unicode form", { a: "é" }, { a: "e\u0301" }],
    ["another order in an array", { a: [1, 2] }, { a: [2, 1] }],
    ["a key that moves inwards", { a: { b: 1 } }, { a: {}, b: 1 }],
  ])("[W2] differs for %s (SECURITY 17)", (_what, one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });

  it("[W2] differs for another tool and another contract", () => {
    const input = { a: 1 };
    const all = [
      digestOf({ tool: "a", contractHash: "c1", input }),
      digestOf({ tool: "b", contractHash: "c1", input }),
      digestOf({ tool: "a", contractHash: "c2", input }),
    ];
    expect(new Set(all).size).toBe(3);
  });
});

describe("canonical JSON (RFC 8785)", () => {
  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(jsonText, (value) => {
        expect(JSON.parse(toCanonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("sorts keys by UTF-16 code units, and writes texts and numbers as the standard's own examples", () => {
    expect(toCanonicalJson({ "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    );
    expect(toCanonicalJson(JSON.parse("[333333333.33333329,1e30,4.50,2e-3,0.000000000000000000000000001]"))).toBe(
      "[333333333.3333333,1e+30,4.5,0.002,1e-27]",
    );
  });

  it.each([
    ["a function", () => 1],
    ["a big integer", 1n],
    ["an endless number", Number.POSITIVE_INFINITY],
    ["not a number", Number.NaN],
    ["a lone surrogate", "\ud800"],
    ["an instance of a class", new Map()],
  ])("refuses %s instead of giving it some digest", (_what, value) => {
    expect(() => toCanonicalJson({ value })).toThrow(TypeError);
  });
});
