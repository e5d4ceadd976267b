import type { Rate } from "../define/backend.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import type { Limiter } from "../limits/limiter.ts";
import { networkOf } from "../limits/network.ts";

/** Wrong credentials from one address, where the config does not say how many. */
export const DEFAULT_GUESSES: Rate = "30/min";

/** Wrong credentials by address. Who guesses too often is not looked at for a while. */
export class GuessLimit {
  readonly #limiter: Limiter;

  constructor(limiter: Limiter) {
    this.#limiter = limiter;
  }

  /** Milliseconds for which further credentials from this address are not looked at; 0 where they are. */
  waitFor(address: string | undefined): MaybePromise<number> {
    return this.#limiter.waitFor(networkOf(address));
  }

  /** Counts a wrong one; 0, or the milliseconds to wait where it was one too many. */
  wrong(address: string | undefined): MaybePromise<number> {
    return after(this.#limiter.take(networkOf(address)), (refused) => refused?.afterMs ?? 0);
  }
}
