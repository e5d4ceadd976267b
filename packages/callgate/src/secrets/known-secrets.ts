import { eachText } from "./each-text.ts";

/** Shorter ones are words of any text: to mask them would tell what they are. */
const LEAST_LETTERS = 8;
/** As many of each kind: those behind references, and tokens that were got with them, which come and go. */
const MOST_KEPT = 64;

/**
 * What this process knows to be secret, whatever it looks like: resolved references, tokens that were got with them. All
 * its records are masked by it. Of either kind the last 64 are known.
 */
class KnownSecrets {
  /** Each in all its {@link spellings}. */
  readonly #kept = new Map<string, readonly string[]>();
  readonly #passing = new Map<string, readonly string[]>();
  #all: readonly string[] = [];

  add(secret: string): void {
    this.#note(this.#kept, secret);
  }

  /** A token, which is another one in a while. */
  addPassing(secret: string): void {
    this.#note(this.#passing, secret);
  }

  #note(known: Map<string, readonly string[]>, secret: string): void {
    if (secret.length < LEAST_LETTERS) return;
    known.delete(secret);
    known.set(secret, spellings(secret));
    const [oldest] = known.keys();
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
    // A secret that is part of another one must not leave the rest of that behind.
    const all = [...this.#kept.values(), ...this.#passing.values()].flat();
    this.#all = all.toSorted((one, other) => other.length - one.length);
  }

  isIn(text: string): boolean {
    for (const secret of this.#all) if (text.includes(secret)) return true;
    return false;
  }

  mask(text: string, masked: string): string {
    return this.isIn(text) ? this.#all.reduce((rest, secret) => rest.replaceAll(secret, masked), text) : text;
  }

  /** How a text begins, masked before it is cut: what is left of a secret is known to nobody. */
  maskStart(text: string, most: number, masked: string): string {
    return this.mask(text.slice(0, 2 * most), masked).slice(0, most);
  }

  /** A JSON value with none of them in its texts and names: the value itself where its text tells that there are none. */
  maskIn<Value>(value: Value, masked: string): Value {
    if (this.#all.length === 0 || !this.isIn(JSON.stringify(value) ?? "")) return value;
    return eachText(value, (text) => this.mask(text, masked)) as Value;
  }
}

/** A text as others write it: as it is, within JSON, within an address, within HTML, and in base64. */
function spellings(text: string): readonly string[] {
  const inAddress = encodeURIComponent(text.toWellFormed());
  const inMarkup = text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  const inJson = escape(text);
  // As most languages write it, as PHP does, and as Go does.
  const inJsons = [inJson, inJson.replaceAll("/", "\\/"), inJson.replaceAll(/[&<>]/g, byNumber)];
  const all = [text, inAddress, inAddress.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())];
  all.push(inMarkup, inMarkup.replaceAll("'", "&#39;"), inMarkup.replaceAll("'", "&#039;"));
  all.push(...inJsons, ...inJsons.map(escape));
  all.push(Buffer.from(text).toString("base64"), Buffer.from(text).toString("base64url"));
  return [...new Set(all)];
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A letter as Go writes it in JSON. */
function byNumber(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** One for the process: a secret is one in whatever gate of it. */
export const knownSecrets: KnownSecrets = new KnownSecrets();
