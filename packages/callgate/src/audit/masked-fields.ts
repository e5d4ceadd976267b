type SchemaNode = { readonly [keyword: string]: unknown };

/** Names of properties, at any depth, whose schema says that their values are not for the record: `mask: true` or `writeOnly: true`. */
export function maskedFields(schema: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof schema !== "object" || schema === null) return found;
  if (Array.isArray(schema)) {
    for (const part of schema) maskedFields(part, found);
    return found;
  }
  for (const [keyword, value] of Object.entries(schema as SchemaNode)) {
    if (keyword === "properties" && typeof value === "object" && value !== null) {
      for (const [name, property] of Object.entries(value)) if (isMasked(property)) found.add(name);
    }
    maskedFields(value, found);
  }
  return found;
}

function isMasked(property: unknown): boolean {
  if (typeof property !== "object" || property === null) return false;
  const { mask, writeOnly, format } = property as SchemaNode;
  return mask === true || writeOnly === true || format === "password";
}
