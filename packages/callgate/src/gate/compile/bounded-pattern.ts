import { triesFor } from "../../patterns/pattern-tries.ts";

/** What the patterns of a schema may cost for one value: less than a tenth of a second. */
const MOST_TRIES = 10_000_000;

let spent = 0;

/** A text that a pattern could take too long for, alone or after those before it. */
export class TextTooLong extends Error {
  override readonly name = "TextTooLong";
  readonly text: string;

  constructor(text: string, most: number) {
    super(`must not have more than ${most} characters, for its pattern is slow; fewer where there are many such texts`);
    this.text = text;
  }
}

/** Begins the count for another value. */
export function forgetTries(): void {
  spent = 0;
}

/** Makes the patterns of a schema; ajv asks for a name besides. */
type PatternEngine = ((pattern: string, flags: string) => RegExp | BoundedPattern) & { readonly code: string };

/**
 * SECURITY 25: a pattern that is tried only on as much text as it can be done with in time, and throws `TextTooLong` else.
 * One that takes each character once is tried as it is.
 */
export const boundedPattern: PatternEngine = Object.assign(
  (pattern: string, flags: string) => {
    const tries = triesFor(pattern);
    const whole = new RegExp(pattern, flags);
    return tries === undefined ? whole : new BoundedPattern(whole, tries);
  },
  { code: "boundedPattern" },
);

class BoundedPattern {
  readonly #whole: RegExp;
  readonly #tries: (length: number) => number;

  constructor(whole: RegExp, tries: (length: number) => number) {
    this.#whole = whole;
    this.#tries = tries;
  }

  test(text: string): boolean {
    spent += this.#tries(text.length);
    if (spent > MOST_TRIES) throw new TextTooLong(text, this.#longest());
    return this.#whole.test(text);
  }

  /** By which ajv tells patterns apart. */
  toString(): string {
    return String(this.#whole);
  }

  #longest(): number {
    let length = 0;
    while (this.#tries(length + 1) <= MOST_TRIES) length += 1;
    return length;
  }
}
