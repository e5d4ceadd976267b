import { describe, expect, it } from "vitest";
import { compareSchemas } from "./compare-schemas.ts";
import { schemaCases } from "./testing/schema-cases.ts";

describe("[K1] the comparison of two schemas", () => {
  it("has at least sixty cases that were written by hand", () => {
    expect(schemaCases.length).toBeGreaterThanOrEqual(60);
  });

  it("says nothing of what has not changed, whatever there is to say of it, nor of what only stands in another order", () => {
    const before = { type: "string", default: 7, minLength: 3 };
    const after = { minLength: 3, type: "string", default: 7 };
    for (const side of ["input", "output"] as const)
      expect(compareSchemas({ side, before, after, undeclared: "counted" })).toEqual([]);
  });

  it.each(schemaCases)("$side: $says", ({ side, before, after, found }) => {
    const changes = compareSchemas({ side, before, after, undeclared: "ignored" });
    const told = changes.map(({ verdict, rule, pointer }) => `${verdict} ${rule} ${pointer}`);
    expect(told.toSorted()).toEqual([...found].toSorted());
  });
});
