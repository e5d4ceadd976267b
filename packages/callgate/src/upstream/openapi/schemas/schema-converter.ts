import { DefinitionError } from "../../../define/definition-error.ts";
import { nameOfStep } from "../../../define/json-pointer.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type ApiDocument, isObject, lookUp, objectOf, resolve } from "../document/api-document.ts";
import { convertNullable, convertRanges } from "./dialect-3-0.ts";
import { keywordsOf } from "./keywords.ts";

/** What is sent, or what is answered: each leaves out the properties of the other. */
export type Side = "input" | "output";
/** A schema of JSON Schema 2020-12. */
export type Converted = JsonObject | boolean;

const NOT_FOLLOWED = ["$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor"];

/**
 * Turns schemas of a document into JSON Schema 2020-12. What they refer to, recursive or not, is gathered in
 * `definitions`, which belong under the `$defs` of whatever root the schemas are put into.
 */
export class SchemaConverter {
  readonly document: ApiDocument;
  readonly #side: Side;
  readonly #names = new Map<string, string>();
  readonly #definitions = new Map<string, Converted>();

  constructor(document: ApiDocument, side: Side) {
    this.document = document;
    this.#side = side;
  }

  get definitions(): Readonly<Record<string, Converted>> {
    return Object.fromEntries(this.#definitions);
  }

  convert(schema: unknown): Converted {
    if (typeof schema === "boolean") return schema;
    if (!isObject(schema)) {
      throw new DefinitionError(
        this.document.place,
        "its document has a schema that is no object.",
        "Mend the document.",
      );
    }
    if (typeof schema["$ref"] === "string") return this.#convertReference(schema["$ref"], schema);
    const strange = NOT_FOLLOWED.find((keyword) => schema[keyword] !== undefined);
    if (strange !== undefined) {
      throw new DefinitionError(
        this.document.place,
        `a schema of its document uses ${strange}.`,
        'Refer to it by its place instead, as in $ref: "#/components/schemas/Pet".',
      );
    }
    const own = this.document.version === "3.0" ? convertRanges(schema) : schema;
    const keywords = this.#withConditions(this.#convertKeywords(own), own);
    const converted =
      this.#side === "output" && isLong(schema) ? { ...keywords, type: ["integer", "string"] } : keywords;
    return this.document.version === "3.0" && schema["nullable"] === true ? convertNullable(converted) : converted;
  }

  /** Whether a property is the other side's alone: `readOnly` in what is sent, `writeOnly` in what is answered. */
  isHidden(property: unknown): boolean {
    const keyword = this.#side === "input" ? "readOnly" : "writeOnly";
    if (!isObject(property)) return false;
    if (property[keyword] === true) return true;
    return typeof property["$ref"] === "string" && resolve(this.document, property)[keyword] === true;
  }

  /** In 3.0 nothing beside a reference counts. */
  #convertReference(reference: string, { $ref: _reference, ...beside }: JsonObject): Converted {
    const converted = { $ref: `#/$defs/${this.#nameOf(reference)}` };
    if (this.document.version === "3.0") return converted;
    const rest = this.convert(beside);
    return isObject(rest) ? { ...rest, ...converted } : converted;
  }

  /** The name under which a schema stands among the definitions; it is converted when it is first asked for. */
  #nameOf(reference: string): string {
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    const last = nameOfStep(reference.split("/").at(-1) ?? "");
    const plain = last.replaceAll(/[^A-Za-z0-9_.-]/g, "_") || "root";
    const taken = new Set(this.#names.values());
    let name = plain;
    for (let count = 2; taken.has(name); count += 1) name = `${plain}_${count}`;
    this.#names.set(reference, name);
    resolve(this.document, { $ref: reference });
    this.#definitions.set(name, this.convert(lookUp(this.document, reference)));
    return name;
  }

  #convertKeywords(schema: JsonObject): JsonObject {
    const hidden = this.#hiddenIn(schema);
    const kept = keywordsOf(schema, this.#side);
    const entries = Object.entries(kept).map(([keyword, value]): [string, unknown] => {
      if (keyword === "properties") return [keyword, this.#convertMap(value, hidden)];
      if (MAPS.has(keyword)) return [keyword, this.#convertMap(value, new Set())];
      if (keyword === "required" && Array.isArray(value)) return [keyword, value.filter((name) => !hidden.has(name))];
      if ((keyword === "oneOf" || keyword === "anyOf") && Array.isArray(value)) {
        return [keyword, value.map((branch) => this.#convertBranch(branch, schema["discriminator"]))];
      }
      if (LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map((each) => this.convert(each))];
      if (SINGLE.has(keyword) && (isObject(value) || typeof value === "boolean")) return [keyword, this.convert(value)];
      return [keyword, value];
    });
    return Object.fromEntries(entries.filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
  }

  /** What conditions declare may be answered; whether it is, under which of them, is not held against an API. */
  #withConditions(converted: JsonObject, schema: JsonObject): JsonObject {
    const { if: asked, then, else: otherwise } = schema;
    const branches = [asked, then, otherwise, ...Object.values(objectOf(schema["dependentSchemas"]))].filter(isObject);
    if (this.#side === "input" || branches.length === 0) return converted;
    const anyOf = [...branches.map((branch) => this.convert(branch)), {}];
    const { allOf = [] } = converted;
    return { ...converted, allOf: [...(allOf as readonly unknown[]), { anyOf }] };
  }

  #convertMap(value: unknown, hidden: ReadonlySet<unknown>): JsonObject {
    const entries = Object.entries(objectOf(value)).filter(([name]) => !hidden.has(name));
    return Object.fromEntries(entries.map(([name, schema]) => [name, this.convert(schema)]));
  }

  /** A part of `allOf` may demand what another one hides. */
  #hiddenIn(schema: JsonObject): ReadonlySet<unknown> {
    const parts = Array.isArray(schema["allOf"]) ? schema["allOf"].map((part) => this.#plain(part)) : [];
    const properties = [schema, ...parts].flatMap((part) => Object.entries(objectOf(part["properties"])));
    return new Set(properties.filter(([, property]) => this.isHidden(property)).map(([name]) => name));
  }

  #plain(part: unknown): JsonObject {
    return isObject(part) ? resolve(this.document, part) : {};
  }

  /** What a discriminator says becomes part of each branch, which makes exactly one of them fit; it is judged first. */
  #convertBranch(branch: unknown, discriminator: unknown): Converted {
    const converted = this.convert(branch);
    if (!isObject(discriminator) || !isObject(branch) || typeof branch["$ref"] !== "string") return converted;
    const { propertyName } = discriminator;
    if (typeof propertyName !== "string") return converted;
    const reference = branch["$ref"];
    const component = reference.split("/").at(-1) ?? "";
    const named = Object.entries(objectOf(discriminator["mapping"])).filter(
      ([, target]) => target === reference || target === component,
    );
    const values = named.length === 0 ? [component] : named.map(([value]) => value);
    const tag = { properties: { [propertyName]: { enum: values } }, required: [propertyName] };
    return { allOf: [{ type: "object", ...tag }, converted] };
  }
}

/** A whole number that may be too long for JavaScript; it is answered as its digits then. */
export function isLong({ type, format }: JsonObject): boolean {
  return type === "integer" && format === "int64";
}

const MAPS: ReadonlySet<string> = new Set(["patternProperties", "dependentSchemas"]);
const LISTS: ReadonlySet<string> = new Set(["allOf", "prefixItems"]);
const SINGLE: ReadonlySet<string> = new Set(
  [
    "items additionalProperties not if then else contains propertyNames unevaluatedItems",
    "unevaluatedProperties",
  ].flatMap((line) => line.split(" ")),
);
