import { cardNumber, passesLuhn, secretFieldNames, secretPatterns } from "./secret-patterns.ts";

/** What stands in the record instead of a value that is not for it. */
export const maskedText = "[masked]";

const MOST_DEPTH = 32;
const NO_FIELDS: ReadonlySet<string> = new Set();

/** Takes secrets and personal data out of what is recorded: by field name, by pattern, by the tool's own schema. */
export interface Masker {
  text(text: string): string;
  /** A value as masked JSON text; undefined for undefined. */
  json(value: unknown, fields?: ReadonlySet<string>): string | undefined;
  /** JSON text that is already there, masked; the same text where there is nothing to mask. */
  jsonText(text: string, fields?: ReadonlySet<string>): string;
  /** A masked copy. */
  value(value: unknown, fields?: ReadonlySet<string>): unknown;
}

export interface MaskRules {
  readonly fields: readonly string[];
  readonly patterns: readonly RegExp[];
}

export function createMasker({ fields, patterns }: MaskRules): Masker {
  return new RuleMasker([...secretFieldNames, ...fields], [...secretPatterns, ...patterns]);
}

class RuleMasker implements Masker {
  readonly #names: ReadonlySet<string>;
  readonly #patterns: RegExp;
  /** True of every text in which something could be masked: one look for the usual text, in which nothing is. */
  readonly #suspicious: RegExp;

  constructor(names: readonly string[], patterns: readonly RegExp[]) {
    this.#names = new Set(names.map(plainName));
    const sources = patterns.map(({ source }) => `(?:${source})`).join("|");
    this.#patterns = new RegExp(sources, "g");
    const spelled = [...this.#names].map((name) => [...name].map(escapeLetter).join("[_-]?")).join("|");
    this.#suspicious = new RegExp(`"(?:${spelled})"\\s*:|${sources}|\\d(?:[ -]?\\d){12}`, "i");
  }

  text(text: string): string {
    return text
      .replace(this.#patterns, maskedText)
      .replace(cardNumber, (digits) => (passesLuhn(digits) ? maskedText : digits));
  }

  json(value: unknown, fields?: ReadonlySet<string>): string | undefined {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : this.jsonText(text, fields);
  }

  jsonText(text: string, fields: ReadonlySet<string> = NO_FIELDS): string {
    if (fields.size === 0 && !this.#suspicious.test(text)) return text;
    return JSON.stringify(this.value(JSON.parse(text), fields));
  }

  value(value: unknown, fields: ReadonlySet<string> = NO_FIELDS): unknown {
    return this.#mask(value, fields, 0);
  }

  #mask(value: unknown, fields: ReadonlySet<string>, depth: number): unknown {
    if (typeof value === "string") return this.text(value);
    // A number can be a card number as well as a text can.
    if (typeof value === "number") return value > 1e12 && this.text(String(value)) === maskedText ? maskedText : value;
    if (typeof value !== "object" || value === null) return value;
    if (depth > MOST_DEPTH) return maskedText;
    if (Array.isArray(value)) return value.map((item) => this.#mask(item, fields, depth + 1));
    const copy: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      const secret = fields.has(name) || this.#names.has(plainName(name));
      const masked =
        secret && member !== null && member !== undefined ? maskedText : this.#mask(member, fields, depth + 1);
      // Within the arguments of a call a name may hold a secret as well as a value may.
      Object.defineProperty(copy, this.text(name), {
        value: masked,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return copy;
  }
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

function escapeLetter(letter: string): string {
  return letter.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
