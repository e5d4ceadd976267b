import type { SecretReference } from "./secret.ts";

/** How long, and as one of how many, a replica counts without Redis. */
export interface RedisOptions {
  /** Milliseconds that a call waits for Redis at most; then this replica decides alone. 50 unless said otherwise. */
  readonly timeoutMs?: number;
  /**
   * How many replicas there may be: a replica that Redis has never told its part takes one of so many while Redis is
   * away. 8 unless said otherwise.
   */
  readonly replicas?: number;
}

/** A Redis or Valkey that all replicas of a gate count their rates in. */
export interface RedisDeclaration {
  readonly kind: "redis";
  readonly url: string | SecretReference;
  readonly timeoutMs: number;
  readonly replicas: number;
}

/**
 * Rates, guess limits and quotas counted together by all replicas: `redis(env("REDIS_URL"))`, with an address like
 * `redis://user:password@host:6379/0` (`rediss:` for TLS). With `optional(…)` a gate without the address counts alone.
 * While Redis is away each replica keeps to its part of every rate.
 */
export function redis(url: string | SecretReference, options: RedisOptions = {}): RedisDeclaration {
  return Object.freeze({ kind: "redis", url, timeoutMs: 50, replicas: 8, ...options });
}
