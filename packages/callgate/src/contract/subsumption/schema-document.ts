import { follow, referenceSteps, stepOf } from "../../define/json-pointer.ts";
import { toCanonicalJson } from "../../ledger/digest.ts";
import type { PatternTrials } from "../../patterns/pattern-trials.ts";
import { demandsOf } from "../demands.ts";
import { malformed, wellFormed } from "./well-formed.ts";

/** A JSON Schema that is not a mere true or false. */
export type SchemaObject = { readonly [keyword: string]: unknown };

/** A schema, and where it stands in its document. `true` and `false` stand as `{}` and `{ not: {} }`, what is malformed as unknown. */
export interface SchemaNode {
  /** Equal for equal places, and for no others. */
  readonly key: string;
  /** JSON pointer (RFC 6901) into the document. */
  readonly pointer: string;
  readonly schema: SchemaObject;
  readonly document: SchemaDocument;
  /** True for what is written nowhere, but made of what is. */
  readonly isMade?: true;
}

type MadeNode = SchemaNode & { readonly isMade: true };

const ANYTHING: SchemaObject = Object.freeze({});
const NOTHING: SchemaObject = Object.freeze({ not: ANYTHING });

/** Whether it is the schema that takes no value, as it is written. */
export function takesNothing({ schema }: SchemaNode): boolean {
  const { not } = schema;
  return not === true || (typeof not === "object" && not !== null && Object.keys(not).length === 0);
}

/** One JSON Schema with all that its references lead to, none of which may lie outside of it. */
export class SchemaDocument {
  readonly root: SchemaNode;
  /** Tries the patterns that stand in it. */
  readonly patterns: PatternTrials;
  readonly #name: string;
  readonly #nodes = new Map<string, SchemaNode>();
  readonly #made = new Map<string, MadeNode>();
  readonly #texts = new Map<string, string>();
  #definitions: string | undefined;
  #hasOtherBases: boolean | undefined;

  /** @param name Tells the nodes of two documents from one another. */
  constructor(name: string, schema: SchemaObject, patterns: PatternTrials) {
    this.#name = name;
    this.patterns = patterns;
    this.root = this.#at("", schema);
  }

  /** The schema at a path of keywords, names and positions below this one. */
  child(node: SchemaNode, ...path: readonly (string | number)[]): SchemaNode {
    let schema: unknown = node.schema;
    for (const step of path) schema = (schema as SchemaObject)[step];
    const below = path.map((step) => `/${stepOf(String(step))}`).join("");
    if (node.isMade === true) return this.made(node, below, toObject(schema));
    return this.#at(node.pointer + below, schema);
  }

  /** The same schema without one of its keywords, nor what goes by what that one has seen of the value. */
  without(node: SchemaNode, keyword: string): SchemaNode {
    const { [keyword]: _left, unevaluatedProperties: _fields, unevaluatedItems: _items, ...schema } = node.schema;
    const { isMade, ...made } = this.made(node, `without ${keyword}`, schema);
    // What is below it is still what is written there.
    return node.isMade === true ? { ...made, isMade } : made;
  }

  /** A schema that is not written in the document, made of one that is: the same for the same words. */
  made(node: SchemaNode, words: string, schema: SchemaObject): MadeNode {
    const key = `${node.key} ${words}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const fresh: MadeNode = {
      key,
      pointer: node.pointer,
      schema: wellFormed(schema),
      document: this,
      isMade: true,
    };
    this.#made.set(key, fresh);
    return fresh;
  }

  /** What a node's `$ref` leads to; undefined where that cannot be told from this document. */
  resolve({ schema }: SchemaNode): SchemaNode | undefined {
    const { $ref: reference } = schema;
    if (typeof reference !== "string" || this.#isAmbiguous()) return undefined;
    if (reference === "#") return this.root;
    const steps = reference.startsWith("#/") ? referenceSteps(reference) : undefined;
    const target = follow(this.root.schema, steps);
    if (steps === undefined || target === undefined) return undefined;
    return this.#at(steps.map((name) => `/${stepOf(name)}`).join(""), target);
  }

  /** What the node demands, as text: equal demands, equal text. */
  text(node: SchemaNode): string {
    const known = this.#texts.get(node.key);
    if (known !== undefined) return known;
    const text = toCanonicalJson(demandsOf(node.schema));
    this.#texts.set(node.key, text);
    return text;
  }

  /** Whether equal text under this document and the other means the same: references lead to the same things, or nowhere. */
  readsLike(other: SchemaDocument, text: string): boolean {
    if (!text.includes('"$')) return true;
    return this.#definitionsText() === other.#definitionsText() && !/"\$(?!ref":"#\/(\$defs|definitions)\/)/.test(text);
  }

  #definitionsText(): string {
    const { $defs, definitions } = this.root.schema;
    this.#definitions ??= toCanonicalJson(demandsOf([$defs ?? null, definitions ?? null]));
    // References out of the definitions lead to what differs, whatever the definitions say.
    const closed = !/"\$(?!ref":"#\/(\$defs|definitions)\/)/.test(this.#definitions);
    return closed ? this.#definitions : `${this.#name} ${this.#definitions}`;
  }

  #at(pointer: string, schema: unknown): SchemaNode {
    const key = this.#name + pointer;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = { key, pointer, schema: toObject(schema), document: this };
    this.#nodes.set(key, node);
    return node;
  }

  /** An `$id` within gives the references below it another meaning. */
  #isAmbiguous(): boolean {
    if (this.#hasOtherBases === undefined) {
      const { $id: _own, ...rest } = this.root.schema;
      this.#hasOtherBases = JSON.stringify(rest).includes('"$id":"');
    }
    return this.#hasOtherBases;
  }
}

function toObject(schema: unknown): SchemaObject {
  if (schema === false) return NOTHING;
  if (schema === true || schema === undefined) return ANYTHING;
  const isObject = typeof schema === "object" && schema !== null && !Array.isArray(schema);
  return isObject ? wellFormed(schema as SchemaObject) : malformed(schema);
}
