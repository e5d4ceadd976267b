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
const MOST_AT_ONCE = 200;

/**
 * Brings claims to Redis in the order in which they were made: those of one turn of the event loop together, and those
 * that came while others were under way together after them. The busier a gate, the less one of them costs.
 */
export class Claims {
  readonly #link: RedisLink;
  readonly #script: Script;
  readonly #waiting: Claim[] = [];
  #isSending = false;

  constructor(link: RedisLink, script: Script) {
    this.#link = link;
    this.#script = script;
  }

  /** Takes one of each rate or of none, or only looks. Undefined where Redis does not say; never rejects. */
  ask(takes: Claim["takes"], rates: readonly ClaimedRate[]): Promise<ClaimAnswer | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ takes, rates, resolve });
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      // Where Redis has been lost meanwhile this fails at once: nobody waits for longer than the time limit.
      await this.#sendTogether(this.#waiting.splice(0, MOST_AT_ONCE));
    }
    this.#isSending = false;
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
