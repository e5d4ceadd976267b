import { PatternPlaces } from "./pattern-places.ts";
import { triesFor } from "./pattern-tries.ts";
import { readPattern } from "./read-pattern.ts";
import { isSafePattern } from "./safe-pattern.ts";

/** More than patterns have that a person can read; a longer one, or one with more places, is not judged. */
const LONGEST_JUDGED = 500;
const MOST_PLACES = 500;
/** What judging may cost, all patterns together, in steps: about a second. A usual pattern takes some thousand. */
const MOST_STEPS = 20_000_000;
/** What trying may cost, all texts together: less than a tenth of a second. */
const MOST_TRIES = 10_000_000;

interface Judged {
  readonly whole: RegExp;
  /** What a text of so many characters may cost. */
  readonly tries: (length: number) => number;
}

/**
 * SECURITY 25: tries patterns that nobody has looked at on texts that nobody has looked at, both of one stranger, and
 * spends no more time on all of them than the gate can do without.
 */
export class PatternTrials {
  readonly #judged = new Map<string, Judged | undefined>();
  #steps = MOST_STEPS;
  #tries = MOST_TRIES;

  /** Whether a text matches; undefined where the pattern is none, or is not known to be done with the text in time. */
  matches(pattern: string, text: string): boolean | undefined {
    const judged = this.#judge(pattern);
    if (judged === undefined) return undefined;
    const tries = judged.tries(text.length);
    if (tries > this.#tries) return undefined;
    this.#tries -= tries;
    return judged.whole.test(text);
  }

  #judge(pattern: string): Judged | undefined {
    if (this.#judged.has(pattern)) return this.#judged.get(pattern);
    const judged = this.#isCheap(pattern) && isSafePattern(pattern) ? toJudged(pattern) : undefined;
    this.#judged.set(pattern, judged);
    return judged;
  }

  /** Whether there is time left to judge it: that goes by pairs of the ways from place to place. */
  #isCheap(pattern: string): boolean {
    if (pattern.length > LONGEST_JUDGED || this.#steps < 0) return false;
    try {
      const { ways } = new PatternPlaces(readPattern(pattern), { loose: true, most: MOST_PLACES });
      this.#steps -= ways ** 2;
    } catch {
      // Reading it has taken time as well.
      this.#steps -= LONGEST_JUDGED ** 2;
      return false;
    }
    return this.#steps >= 0;
  }
}

function toJudged(pattern: string): Judged | undefined {
  try {
    const whole = new RegExp(pattern, "u");
    // Found out by the first text: some are too large for the engine.
    whole.test("");
    const tries = triesFor(pattern) ?? ((length: number) => length);
    return { whole, tries: (length) => pattern.length + tries(length) };
  } catch {
    return undefined;
  }
}
