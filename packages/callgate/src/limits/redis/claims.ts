import type { RedisLink } from "./redis-link.ts";
import type { Script } from "./scripts.ts";

/** One rate of a claim: where it is counted, and its numbers as the script takes them. */
export interface ClaimedRate {
  readonly key: string;
  readonly numbers: readonly [intervalUs: string, slackUs: string];
}

/** Which of a claim's rates refuses (0: none), and the milliseconds until it would not. */
export interface ClaimAnswer {
  readonly refusedBy: number;
  readonly afterMs: number;
}

interface Claim {
  readonly takes: "0" | "1";
  readonly rates: readonly ClaimedRate[];
  readonly resolve: (answer: ClaimAnswer | undefined) => void;
}

/** Redis does nothing else while a script runs: a long one is cut into several. */
const MOST_AT_ONCE = 100;

/** Brings what is claimed within one turn of the event loop to Redis in one script, in the order in which it was claimed. */
export class Claims {
  readonly #link: RedisLink;
  readonly #script: Script;
  #waiting: Claim[] = [];

  constructor(link: RedisLink, script: Script) {
    this.#link = link;
    this.#script = script;
  }

  /** Takes one of each rate or of none, or only looks. Undefined where Redis does not say; never rejects. */
  ask(takes: Claim["takes"], rates: readonly ClaimedRate[]): Promise<ClaimAnswer | undefined> {
    return new Promise((resolve) => {
      if (this.#waiting.push({ takes, rates, resolve }) === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let first = 0; first < waiting.length; first += MOST_AT_ONCE)
      void this.#sendTogether(waiting.slice(first, first + MOST_AT_ONCE));
  }

  async #sendTogether(claims: readonly Claim[]): Promise<void> {
    const keys = claims.flatMap(({ rates }) => rates.map(({ key }) => key));
    const given = claims.flatMap(({ takes, rates }) => [
      takes,
      String(rates.length),
      ...rates.flatMap(({ numbers }) => numbers),
    ]);
    const answers = await this.#link.run(this.#script, keys, given).catch(() => []);
    const numbers = Array.isArray(answers) ? (answers as readonly unknown[]).map(Number) : [];
    for (const [at, { resolve }] of claims.entries()) {
      const [refusedBy, afterMs] = [numbers[2 * at], numbers[2 * at + 1]];
      resolve(refusedBy === undefined || afterMs === undefined ? undefined : { refusedBy, afterMs });
    }
  }
}
