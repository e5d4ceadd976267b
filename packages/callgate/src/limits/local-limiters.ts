import type { Limiters } from "./limiter.ts";
import { RateLimit } from "./rate-limit.ts";

/** Counts within this process. */
export function localLimiters(clock: () => number): Limiters {
  return {
    limit: (_name, rate) => new RateLimit(rate, clock),
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
