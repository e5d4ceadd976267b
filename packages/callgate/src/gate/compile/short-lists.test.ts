import { describe, expect, it } from "vitest";
import { compileSchema } from "./ajv.ts";

const isNumber = { type: "number" };

describe("a list with fewer items than are named", () => {
  it.each([
    [{ items: { contains: isNumber } }, [[6], []], false],
    [{ items: { contains: isNumber } }, [[6], [6]], true],
    [{ prefixItems: [{ type: "array" }], contains: isNumber }, [], false],
    [{ prefixItems: [{ type: "array" }], contains: isNumber }, [[], 6], true],
    [{ items: { contains: isNumber, minContains: 0 } }, [[6], []], true],
    [{ items: { contains: isNumber, minContains: 2 } }, [[6, 6], []], false],
    [{ items: { contains: isNumber, maxContains: 1 } }, [[6], []], false],
    [{ items: { contains: {} } }, [[6], []], false],
    [{ items: { contains: {}, minContains: 1, maxContains: 0 } }, [[]], false],
    [{ items: { contains: isNumber } }, [{}, 6, "no list"], true],
    [{ prefixItems: [true, true, isNumber], uniqueItems: true }, [1, 1], false],
    [{ prefixItems: [true, true, isNumber], uniqueItems: true }, [1, 2], true],
    [{ prefixItems: [true, isNumber], contains: { type: "string" } }, [1], false],
    [{ prefixItems: [isNumber, isNumber] }, [1, "2"], false],
    [{ prefixItems: [isNumber, isNumber] }, [1], true],
    [{ prefixItems: [isNumber, isNumber] }, ["1", 2], false],
    [{ prefixItems: [isNumber], items: { type: "string" } }, [1, "2"], true],
    [{ prefixItems: [isNumber], items: { type: "string" } }, [1, 2], false],
    [{ prefixItems: [isNumber], unevaluatedItems: false }, [1], true],
    [{ prefixItems: [isNumber], unevaluatedItems: false }, [1, 2], false],
    [{ anyOf: [{ prefixItems: [true, true] }, { prefixItems: [true] }], unevaluatedItems: false }, [1, 2], true],
    [{ anyOf: [{ prefixItems: [isNumber, true] }, { prefixItems: [true] }], unevaluatedItems: false }, ["1", 2], false],
    [{ contains: { prefixItems: [true, isNumber], contains: { type: "string" } } }, [[1, "x"], [1]], false],
  ])("%j of %j is %s", (schema, value, fits) => {
    expect(compileSchema(schema, JSON.stringify(schema))(value)).toBe(fits);
  });

  it("says how many are missing", () => {
    const schema = { contains: isNumber, minContains: 2, maxContains: 3 };
    const judge = compileSchema(schema, JSON.stringify(schema));
    judge([]);
    expect(judge.errors).toMatchObject([
      { keyword: "contains", instancePath: "", params: { minContains: 2, maxContains: 3 } },
    ]);
  });
});
