import type { Dice } from "../durability/proof/dice.ts";
import type { AnySchema } from "./schema-arbitrary.ts";

type Keywords = { readonly [keyword: string]: unknown };

const STRINGS = ["", "a", "ab", "b", "abab", "2026-01-31", "x@y.example", "xyz"];
const NUMBERS = [-3, -2, -1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6];
const NAMES = ["a", "b", "ab", "c", "toString"];
const MOST_DEPTH = 5;

/** Makes values that a schema could take, or nearly: what it says is followed, mostly, and forgotten now and then. */
export class Values {
  readonly #root: Keywords;
  readonly #dice: Dice;

  constructor(root: Keywords, dice: Dice) {
    this.#root = root;
    this.#dice = dice;
  }

  next(): unknown {
    return this.#valueFor(this.#root, 0);
  }

  #valueFor(schema: unknown, depth: number): unknown {
    const dice = this.#dice;
    if (!isKeywords(schema) || depth > MOST_DEPTH || dice.chance(0.06)) return this.#anyValue(depth);
    const target = schema["$ref"];
    if (typeof target === "string")
      return this.#valueFor((this.#root["$defs"] as Keywords)[target.slice("#/$defs/".length)], depth + 1);
    const forms = ["anyOf", "oneOf", "allOf"].flatMap((keyword) => (schema[keyword] ?? []) as AnySchema[]);
    const others = ["if", "then", "else"].map((keyword) => schema[keyword]);
    const merged = [...forms, ...others].filter(isKeywords).filter(() => dice.chance(0.5));
    return this.#typedValue(merged.reduce(merge, schema), depth);
  }

  #typedValue(schema: Keywords, depth: number): unknown {
    const dice = this.#dice;
    const { enum: values, type } = schema;
    if (Object.hasOwn(schema, "const")) return schema["const"];
    if (Array.isArray(values)) return dice.pick(values);
    const types = type === undefined ? impliedTypes(schema) : [type].flat().map(String);
    switch (dice.pick(types)) {
      case "null":
        return null;
      case "boolean":
        return dice.chance(0.5);
      case "string":
        return dice.pick(STRINGS);
      case "array":
        return this.#arrayFor(schema, depth);
      case "object":
        return this.#objectFor(schema, depth);
      case "integer":
        return Math.trunc(this.#numberFor(schema));
      default:
        return this.#numberFor(schema);
    }
  }

  /** Near the bounds, where mistakes are. */
  #numberFor(schema: Keywords): number {
    const dice = this.#dice;
    const bounds = numbersIn(schema, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]);
    if (bounds.length === 0 || dice.chance(0.3)) return dice.pick(NUMBERS);
    return dice.pick(bounds) + dice.pick([-1, -0.5, 0, 0, 0.5, 1]);
  }

  #arrayFor(schema: Keywords, depth: number): readonly unknown[] {
    const dice = this.#dice;
    const prefix = (schema["prefixItems"] ?? []) as readonly unknown[];
    const bounds = numbersIn(schema, ["minItems", "maxItems", "minContains", "maxContains"]);
    const length = bounds.length > 0 && dice.chance(0.8) ? dice.pick(bounds) : dice.whole(0, 3);
    return Array.from({ length }, (_, at) => {
      const rest = dice.chance(0.4) ? (schema["contains"] ?? schema["items"]) : schema["items"];
      return this.#valueFor(at < prefix.length ? prefix[at] : rest, depth + 1);
    });
  }

  #objectFor(schema: Keywords, depth: number): Keywords {
    const properties = (schema["properties"] ?? {}) as Keywords;
    const patterns = (schema["patternProperties"] ?? {}) as Keywords;
    const fields = this.#namesFor(schema, properties).map((name) => {
      const pattern = Object.keys(patterns).find((each) => new RegExp(each, "u").test(name));
      const rest = pattern === undefined ? schema["additionalProperties"] : patterns[pattern];
      return [name, this.#valueFor(Object.hasOwn(properties, name) ? properties[name] : rest, depth + 1)] as const;
    });
    return Object.fromEntries(fields);
  }

  #namesFor({ required = [], maxProperties: most }: Keywords, properties: Keywords): readonly string[] {
    const dice = this.#dice;
    const wanted = new Set((required as readonly string[]).filter(() => dice.chance(0.95)));
    for (const name of Object.keys(properties)) if (dice.chance(0.6)) wanted.add(name);
    if (dice.chance(0.4)) wanted.add(dice.pick(NAMES));
    return typeof most === "number" && dice.chance(0.7) ? [...wanted].slice(0, most) : [...wanted];
  }

  #anyValue(depth: number): unknown {
    const dice = this.#dice;
    const simple: readonly unknown[] = [null, true, false, ...STRINGS, ...NUMBERS];
    if (depth > 2 || dice.chance(0.7)) return dice.pick(simple);
    if (dice.chance(0.5)) return Array.from({ length: dice.whole(0, 3) }, () => this.#anyValue(depth + 1));
    const names = NAMES.filter(() => dice.chance(0.4));
    return Object.fromEntries(names.map((name) => [name, this.#anyValue(depth + 1)]));
  }
}

function isKeywords(schema: unknown): schema is Keywords {
  return typeof schema === "object" && schema !== null;
}

function numbersIn(schema: Keywords, keywords: readonly string[]): readonly number[] {
  return keywords.map((keyword) => schema[keyword]).filter((bound) => typeof bound === "number");
}

function merge(left: Keywords, right: Keywords): Keywords {
  const properties = { ...(left["properties"] as object), ...(right["properties"] as object) };
  return { ...left, ...right, ...(Object.keys(properties).length > 0 && { properties }) };
}

function impliedTypes(schema: Keywords): readonly string[] {
  const has = (...keywords: readonly string[]): boolean => keywords.some((keyword) => Object.hasOwn(schema, keyword));
  if (has("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"))
    return ["object"];
  if (has("items", "prefixItems", "contains", "minItems", "maxItems")) return ["array"];
  return ["null", "boolean", "string", "number", "integer", "array", "object"];
}
