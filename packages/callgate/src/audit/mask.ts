import { escapePattern } from "../define/escape-pattern.ts";
import { knownSecrets } from "../secrets/known-secrets.ts";
import { parseStrictJson } from "../wire/strict-json.ts";
import { FieldNames, fieldLooks } from "./secret-fields.ts";
import { maskSecrets, patternLooks } from "./secret-patterns.ts";
import { type Sought, WordSieve, wordsThemselves } from "./word-sieve.ts";

/** What stands in the record instead of a value that is not for it. */
export const maskedText = "[masked]";

const MOST_DEPTH = 32;
const NO_FIELDS: ReadonlySet<string> = new Set();
/** JSON that spells letters or slashes by escapes can hide any word from a look. */
const ESCAPED = wordsThemselves("\\u|\\/");

/** Takes secrets and personal data out of what is recorded: what this process knows to be secret, by field name, by pattern, by the tool's own schema. */
export interface Masker {
  text(text: string): string;
  /** A value as masked JSON text; undefined for undefined. What is not JSON is masked whole. */
  json(value: unknown, fields?: ReadonlySet<string>): string | undefined;
  /** JSON text that is already there, masked; the same text where there is nothing to mask. */
  jsonText(text: string, fields?: ReadonlySet<string>): string;
  /** A masked copy, as JSON would carry it; errors with their words. */
  value(value: unknown, fields?: ReadonlySet<string>): unknown;
}

export interface MaskRules {
  /** Further names of fields. */
  readonly fields: readonly string[];
  /** Further patterns. With any, every text is walked: what they could match cannot be told from the JSON text. */
  readonly patterns: readonly RegExp[];
}

export function createMasker(rules: MaskRules): Masker {
  return new RuleMasker(rules);
}

class RuleMasker implements Masker {
  readonly #names: FieldNames;
  readonly #patterns: readonly RegExp[];
  /** One of its patterns is true of every text in which something could be masked. */
  readonly #looks: WordSieve<Sought>;
  readonly #schemaLooks = new WeakMap<ReadonlySet<string>, RegExp>();

  constructor({ fields, patterns }: MaskRules) {
    this.#names = new FieldNames(fields);
    this.#patterns = patterns.map(
      (each) => new RegExp(each.source, each.flags.replace("y", "").replace("g", "") + "g"),
    );
    this.#looks = new WordSieve([...fieldLooks, ...patternLooks, ...this.#names.looks, ESCAPED]);
  }

  text(text: string): string {
    return this.#text(text, 0);
  }

  json(value: unknown, fields?: ReadonlySet<string>): string | undefined {
    const text = toJson(value);
    return text === undefined ? undefined : this.jsonText(text, fields);
  }

  jsonText(text: string, fields: ReadonlySet<string> = NO_FIELDS): string {
    if (!this.#isSuspicious(text) && (fields.size === 0 || !this.#schemaLook(fields).test(text))) return text;
    return JSON.stringify(this.#mask(parseOrText(text), fields, 0));
  }

  value(value: unknown, fields: ReadonlySet<string> = NO_FIELDS): unknown {
    const text = toJson(value, spellOut);
    return text === undefined ? undefined : this.#mask(parseOrText(text), fields, 0);
  }

  #isSuspicious(text: string): boolean {
    if (this.#patterns.length > 0 || knownSecrets.isIn(text)) return true;
    return this.#looks.sift(text).some(({ pattern }) => pattern.test(text));
  }

  #schemaLook(fields: ReadonlySet<string>): RegExp {
    let look = this.#schemaLooks.get(fields);
    if (look === undefined) {
      look = new RegExp([...fields].map((name) => escapePattern(JSON.stringify(name))).join("|"));
      this.#schemaLooks.set(fields, look);
    }
    return look;
  }

  #text(text: string, depth: number): string {
    if (!this.#isSuspicious(text)) return text;
    const inner = depth < MOST_DEPTH && /^\s*[[{]/.test(text) ? parseOrText(text) : text;
    // A text that holds JSON is masked by its fields too, and stays as it is written where there is nothing to mask.
    if (typeof inner === "object") {
      const masked = JSON.stringify(this.#mask(inner, NO_FIELDS, depth + 1));
      return masked === toJson(inner) && saysNoMore(text) ? text : masked;
    }
    const unknown = knownSecrets.mask(text, maskedText);
    return this.#patterns.reduce(
      (rest, pattern) => rest.replace(pattern, maskedText),
      maskSecrets(unknown, maskedText),
    );
  }

  #mask(value: unknown, fields: ReadonlySet<string>, depth: number): unknown {
    if (typeof value === "string") return this.#text(value, depth);
    if (typeof value === "number") return this.#number(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth > MOST_DEPTH) return maskedText;
    if (Array.isArray(value)) return value.map((item) => this.#mask(item, fields, depth + 1));
    const copy: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      const masked = this.#isSecret(name, member, fields) ? maskedText : this.#mask(member, fields, depth + 1);
      // Within the arguments of a call a name may hold a secret as well as a value may.
      const key = this.#text(name, MOST_DEPTH);
      Object.defineProperty(copy, key, { value: masked, enumerable: true, writable: true, configurable: true });
    }
    return copy;
  }

  /** Whether something is set is no secret: `null`, `true` and `false` stay, unless the tool's schema says otherwise. */
  #isSecret(name: string, member: unknown, fields: ReadonlySet<string>): boolean {
    if (member === null) return false;
    if (fields.has(name)) return true;
    const secrecy = this.#names.judge(name);
    if (secrecy === "open" || typeof member === "boolean") return false;
    return secrecy === "secret" || typeof member !== "number";
  }

  /** A number can be a card number as well as a text can. */
  #number(value: number): unknown {
    return Number.isInteger(value) && value >= 1e13 && this.#text(String(value), MOST_DEPTH) === maskedText
      ? maskedText
      : value;
  }
}

function toJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string | undefined {
  try {
    return JSON.stringify(value, replacer);
  } catch {
    // Circular, too deep, or with numbers that JSON has not: nothing can be said of what is in it.
    return JSON.stringify(maskedText);
  }
}

function spellOut(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return typeof value === "bigint" ? String(value) : value;
}

/** Of a field that stands twice in one object JSON.parse gives the last: the text says more than what was looked at. */
function saysNoMore(text: string): boolean {
  try {
    parseStrictJson(Buffer.from(text));
    return true;
  } catch {
    return false;
  }
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
