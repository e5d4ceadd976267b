import type { Rate } from "../define/backend.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";

/** What did not let a call through, and the milliseconds after which the next will be. */
export interface Refused {
  readonly by: "rate" | "quota";
  readonly afterMs: number;
}

/** A rate, counted by key: for this process alone, or for all replicas of a gate. */
export interface Limiter {
  /**
   * Takes one for `key`, and one from the `quota` that all have together, or nothing from either. Undefined where both
   * let it through. Never rejects; a promise only where somebody else has to be asked.
   */
  take(key: string, quota?: Limiter): MaybePromise<Refused | undefined>;
  /** Milliseconds after which the next will be let through; 0 where it may come now. Takes nothing. */
  waitFor(key: string): MaybePromise<number>;
}

/** Where the limits of a gate are counted. */
export interface Limiters {
  /** Makes one; of the same gate, limits of one name are one limit. Throws a `TypeError` for what is no rate. */
  limit(name: string, rate: Rate): Limiter;
  /** Makes ready what they are counted in; rejects where that can never work. */
  start(): Promise<void>;
  close(): Promise<void>;
}
