import type { Rate } from "../define/backend.ts";
import { networkOf } from "../limits/network.ts";
import { RateLimit } from "../limits/rate-limit.ts";

/** Wrong credentials by address. Who guesses too often is not looked at for a while. */
export class GuessLimit {
  readonly #rate: RateLimit;

  constructor(rate: Rate, clock: () => number) {
    this.#rate = new RateLimit(rate, clock);
  }

  /** Milliseconds for which further credentials from this address are not looked at; 0 where they are. */
  waitFor(address: string | undefined): number {
    return this.#rate.waitFor(networkOf(address));
  }

  /** Counts a wrong one; 0, or the milliseconds to wait where it was one too many. */
  wrong(address: string | undefined): number {
    return this.#rate.take(networkOf(address));
  }
}
