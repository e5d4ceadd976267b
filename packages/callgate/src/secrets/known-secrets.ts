/** Shorter ones are words of any text: to mask them would tell what they are. */
const LEAST_LETTERS = 8;
const MOST_KEPT = 128;

/**
 * What this process knows to be secret, whatever it looks like: resolved references, tokens that were got with them. All
 * its records are masked by it. The oldest ones are forgotten where there are more than 128.
 */
class KnownSecrets {
  /** Each as texts may hold it: as it is, within JSON, within JSON that is a text within JSON, within an address. */
  readonly #spellings = new Map<string, readonly string[]>();
  #all: readonly string[] = [];

  add(secret: string): void {
    if (secret.length < LEAST_LETTERS) return;
    this.#spellings.delete(secret);
    const within = escape(secret);
    const spellings = [secret, within, escape(within), encodeURIComponent(toWellFormed(secret))];
    this.#spellings.set(secret, [...new Set(spellings)]);
    const [oldest] = this.#spellings.keys();
    if (this.#spellings.size > MOST_KEPT && oldest !== undefined) this.#spellings.delete(oldest);
    // A secret that is part of another one must not leave the rest of that behind.
    this.#all = [...this.#spellings.values()].flat().toSorted((one, other) => other.length - one.length);
  }

  isIn(text: string): boolean {
    for (const secret of this.#all) if (text.includes(secret)) return true;
    return false;
  }

  mask(text: string, masked: string): string {
    return this.isIn(text) ? this.#all.reduce((rest, secret) => rest.replaceAll(secret, masked), text) : text;
  }
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function toWellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** One for the process: a secret is one in whatever gate of it. */
export const knownSecrets: KnownSecrets = new KnownSecrets();
