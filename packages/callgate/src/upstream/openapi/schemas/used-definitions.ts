import type { JsonSchema } from "../../../define/schema.ts";
import { objectOf } from "../document/api-document.ts";

/** A schema with those of its `$defs` alone that something in it refers to; what models read stays short. */
export function usedDefinitions(schema: JsonSchema): JsonSchema {
  const { $defs, required, ...rest } = schema as Record<string, unknown>;
  const all = objectOf($defs);
  const used = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [keyword, value] of Object.entries(node)) {
      const name = keyword === "$ref" && typeof value === "string" ? /^#\/\$defs\/([^/]+)/.exec(value)?.[1] : undefined;
      if (name === undefined) visit(value);
      else if (!used.has(name)) {
        used.add(name);
        visit(all[name]);
      }
    }
  };
  visit(rest);
  const kept = Object.entries(all).filter(([name]) => used.has(name));
  return {
    ...rest,
    ...(Array.isArray(required) && required.length > 0 && { required }),
    ...(kept.length > 0 && { $defs: Object.fromEntries(kept) }),
  };
}
