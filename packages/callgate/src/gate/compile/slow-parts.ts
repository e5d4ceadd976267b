import type { SchemaObject } from "../../contract/subsumption/schema-document.ts";
import { triesFor } from "../../patterns/pattern-tries.ts";

const BY_NAME: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs"]);
const ONE: ReadonlySet<string> = new Set(["items", "additionalProperties", "propertyNames"]);
const MANY: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf"]);

/**
 * A schema that takes every value and tries what is slow in another one: each pattern on all that it may be tried on, in
 * whatever order a library goes. Undefined where nothing is slow.
 */
export function slowPartsOf(schema: SchemaObject): SchemaObject | undefined {
  let isSlow = false;
  const partsOf = (node: unknown): SchemaObject => {
    if (typeof node !== "object" || node === null) return {};
    const parts: Record<string, unknown> = {};
    // Forms that differ only in what is quick are one: where they refer to themselves, each would be tried in each.
    const all = new Map<string, SchemaObject>();
    for (const [keyword, value] of Object.entries(node) as [string, unknown][]) {
      if (keyword === "pattern" && typeof value === "string" && triesFor(value) !== undefined) {
        isSlow = true;
        // Taken, whether it fits or not: what comes after it is tried too.
        Object.assign(parts, { if: { pattern: value }, else: { minLength: 0 } });
      } else if (keyword === "$ref") parts[keyword] = value;
      else if (keyword === "prefixItems") parts[keyword] = (value as unknown[]).map(partsOf);
      else if (ONE.has(keyword)) parts[keyword] = partsOf(value);
      else if (MANY.has(keyword)) {
        for (const part of (value as unknown[]).map(partsOf)) all.set(JSON.stringify(part), part);
      } else if (BY_NAME.has(keyword))
        parts[keyword] = Object.fromEntries(
          Object.entries(value as object).map(([name, each]) => [name, partsOf(each)]),
        );
    }
    return all.size > 0 ? { ...parts, allOf: [...all.values()] } : parts;
  };
  const parts = partsOf(schema);
  return isSlow ? parts : undefined;
}
