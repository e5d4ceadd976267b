import type { Script } from "./scripts.ts";

/** A way to Redis, which may be cut at any time. */
export interface RedisLink {
  /** False: it is known to be away, and asking is not worth the wait. */
  readonly isUp: boolean;
  /** Runs a script; rejects where Redis does not answer in time, or with an error. */
  run(script: Script, keys: readonly string[], given: readonly string[]): Promise<unknown>;
}
