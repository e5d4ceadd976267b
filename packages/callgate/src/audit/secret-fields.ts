import { escapePattern } from "../define/escape-pattern.ts";
import { type Sought, wordsThemselves } from "./word-sieve.ts";

/** Between the parts of a name: `api_key`, `api-key`, `api key`. Not a control character, which JSON spells otherwise. */
const GAP = "[^a-z0-9\\u0000-\\u001f]*";

const PHRASE = new RegExp(
  [
    `pass${GAP}(?:word|phrase|code|port)|passwd`,
    "authorization|authorisation",
    "cookie|credential",
    `(?:api|access|secret|private|signing|encryption)${GAP}key`,
    `session${GAP}id|tax${GAP}id|security${GAP}code|social${GAP}security`,
  ].join("|"),
  "i",
);
const WORD = /^(?:(?:pwd|secret|token|cvv|cvc|cvn|cvv2|iban|ssn|otp|totp|jwt|card)(s?)|[a-z]+(?:secret|token)(s?))$/;
const WHOLE = /^(?:pin|pan)$/i;
const MOST_JUDGED = 4_000;
/** A longer name is no schema's: it is judged each time, so that callers' names fill no memory. */
const MOST_LETTERS_KEPT = 128;

/** One of them is true of every JSON text with a field whose name is secret. */
export const fieldLooks: readonly Sought[] = [
  { pattern: PHRASE, words: "pass|authori|cookie|credential|key|session|tax|security" },
  wordsThemselves("pwd|secret|token|cvv|cvc|cvn|iban|ssn|otp|jwt|card"),
  // The quotes of JSON that stands as a text within JSON have backslashes before them.
  wordsThemselves('"pin"|"pan"|"pin\\|"pan\\'),
];

/** `plural`: a number under such a name is a count (`max_tokens`), anything else is secret. */
export type Secrecy = "secret" | "plural" | "open";

/** Judges names of fields, whatever tool they belong to; case and what stands between the words do not matter. */
export class FieldNames {
  /** Looks for the further names. */
  readonly looks: readonly Sought[];
  readonly #further: ReadonlySet<string>;
  readonly #judged = new Map<string, Secrecy>();

  constructor(further: readonly string[]) {
    this.#further = new Set(further.map(plainName));
    this.looks = [...this.#further].map((name) => ({
      pattern: new RegExp(Array.from(name, escapePattern).join("[-_. ]*"), "i"),
    }));
  }

  judge(name: string): Secrecy {
    if (name.length > MOST_LETTERS_KEPT) return this.#judge(name);
    let secrecy = this.#judged.get(name);
    if (secrecy === undefined) {
      if (this.#judged.size >= MOST_JUDGED) this.#judged.clear();
      secrecy = this.#judge(name);
      this.#judged.set(name, secrecy);
    }
    return secrecy;
  }

  #judge(name: string): Secrecy {
    return this.#further.has(plainName(name)) ? "secret" : judgeName(name);
  }
}

function judgeName(name: string): Secrecy {
  if (PHRASE.test(name) || WHOLE.test(name)) return "secret";
  let plural = false;
  for (const word of wordsOf(name)) {
    const found = WORD.exec(word);
    if (found === null) continue;
    if (found[1] !== "s" && found[2] !== "s") return "secret";
    plural = true;
  }
  return plural ? "plural" : "open";
}

/** `accessToken`, `APIToken`, `access-token`: the words within, in lower case. */
function wordsOf(name: string): readonly string[] {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return spaced.toLowerCase().split(/[^a-z0-9]+/);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. ]/g, "");
}
