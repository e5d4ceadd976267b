import { follow, referenceSteps } from "../define/json-pointer.ts";
import type { JsonSchemaObject } from "../gate/compile/json-schema.ts";

/** A value that an input may hold: an argument, a field of one, an item of a list. */
export interface InputValue {
  /** Where it stands: `stay.start`, `guests[].name`; of items, the name of the list and `[]`. */
  readonly path: string;
  /** The field's own name; undefined for what has none: items, alternatives, values under any name. */
  readonly name: string | undefined;
  /** What is said of it, references followed, and `null` as an alternative left aside. */
  readonly schema: JsonSchemaObject;
}

const UNIONS = ["anyOf", "oneOf", "allOf"] as const;
const MOST_DEPTH = 24;
/** From here on a part is looked into once: parts that hold one another do so in more ways than can be counted. */
const MANY = 1_000;

/**
 * Every value within an input schema, each path once for each way in which it is declared; the whole comes first, without
 * a path. Of very many, each that is declared at least once.
 */
export function inputValues(root: JsonSchemaObject): readonly InputValue[] {
  const walk = new Walk(root);
  walk.visit(root, { path: "", name: undefined, depth: 0 });
  return walk.found;
}

interface At {
  readonly path: string;
  readonly name: string | undefined;
  readonly depth: number;
}

class Walk {
  readonly found: InputValue[] = [];
  readonly #root: JsonSchemaObject;
  readonly #under = new Set<unknown>();
  readonly #seen = new Set<unknown>();

  constructor(root: JsonSchemaObject) {
    this.#root = root;
  }

  visit(declared: unknown, { path, name, depth }: At): void {
    if (!isSchema(declared) || depth > MOST_DEPTH) return;
    const schema = this.#plain(declared);
    this.found.push({ path, name, schema });
    // What holds itself has been looked at once.
    const target = this.#target(declared) ?? declared;
    if (this.#under.has(target) || (this.found.length > MANY && this.#seen.has(target))) return;
    this.#under.add(target);
    if (depth < MOST_DEPTH) this.#seen.add(target);
    this.#visitParts(schema, { path, name, depth: depth + 1 });
    this.#under.delete(target);
  }

  #visitParts(schema: JsonSchemaObject, { path, depth }: At): void {
    const unnamed = (part: unknown, to: string): void => this.visit(part, { path: to, name: undefined, depth });
    for (const [name, property] of Object.entries(asSchema(schema["properties"])))
      this.visit(property, { path: path === "" ? name : `${path}.${name}`, name, depth });
    for (const union of UNIONS) for (const branch of asList(schema[union])) unnamed(branch, path);
    for (const item of [schema["items"], ...asList(schema["prefixItems"])]) unnamed(item, `${path}[]`);
    unnamed(schema["additionalProperties"], `${path}.*`);
  }

  /** A schema with what it refers to written out; `X or null` as X. */
  #plain(schema: JsonSchemaObject, followed: readonly unknown[] = []): JsonSchemaObject {
    const target = this.#target(schema);
    const { $ref: _, ...said } = schema;
    const leads = target !== undefined && !followed.includes(target);
    const within = leads ? [...followed, target] : followed;
    const whole = leads ? { ...this.#plain(target, within), ...said } : said;
    for (const union of ["anyOf", "oneOf"] as const) {
      const branches = asList(whole[union]);
      const [only, ...others] = branches.filter((branch) => !isSchema(branch) || branch["type"] !== "null");
      if (branches.length < 2 || others.length > 0 || !isSchema(only)) continue;
      const { [union]: _union, ...rest } = whole;
      return { ...this.#plain(only, within), ...rest };
    }
    return whole;
  }

  #target(schema: JsonSchemaObject): JsonSchemaObject | undefined {
    const reference = schema["$ref"];
    if (typeof reference !== "string") return undefined;
    const target = follow(this.#root, referenceSteps(reference));
    return isSchema(target) ? target : undefined;
  }
}

function isSchema(value: unknown): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): JsonSchemaObject {
  return isSchema(value) ? value : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
