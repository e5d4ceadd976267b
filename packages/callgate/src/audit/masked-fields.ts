import { follow, referenceSteps } from "../define/json-pointer.ts";

type SchemaNode = { readonly [keyword: string]: unknown };

const MAPS_OF_PROPERTIES: ReadonlySet<string> = new Set(["properties", "dependentSchemas"]);

/**
 * Names of properties, at any depth, whose schema says that their values are not for the record: `mask`,
 * `x-callgate-mask` or `writeOnly` is true, or the format is `password`. What stands within a property without a name
 * of its own (items, alternatives, a `$ref`) counts for that property.
 */
export function maskedFields(schema: unknown): Set<string> {
  const search = new FieldSearch(schema);
  search.visit(schema, undefined);
  return search.found;
}

class FieldSearch {
  readonly found = new Set<string>();
  readonly #root: unknown;
  readonly #followed = new Set<string>();

  constructor(root: unknown) {
    this.#root = root;
  }

  visit(schema: unknown, property: string | undefined): void {
    if (Array.isArray(schema)) {
      for (const part of schema) this.visit(part, property);
      return;
    }
    if (!isNode(schema)) return;
    if (property !== undefined && saysMask(schema)) this.found.add(property);
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === "$ref") this.#follow(value, property);
      else if (MAPS_OF_PROPERTIES.has(keyword) && isNode(value)) this.#visitProperties(value);
      else if (isNode(value) || Array.isArray(value)) this.visit(value, property);
    }
  }

  #visitProperties(properties: SchemaNode): void {
    for (const [name, schema] of Object.entries(properties)) this.visit(schema, name);
  }

  #follow(reference: unknown, property: string | undefined): void {
    if (typeof reference !== "string" || !reference.startsWith("#")) return;
    const step = JSON.stringify([reference, property ?? null]);
    if (this.#followed.has(step)) return;
    this.#followed.add(step);
    this.visit(follow(this.#root, referenceSteps(reference)), property);
  }
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function saysMask({ mask, writeOnly, format, "x-callgate-mask": marked }: SchemaNode): boolean {
  return mask === true || marked === true || writeOnly === true || format === "password";
}
