import { hash } from "node:crypto";
import type { Rate } from "../../define/backend.ts";
import type { MaybePromise } from "../../define/maybe-promise.ts";
import type { Limiter, Refused } from "../limiter.ts";
import { ALL, RateLimit, toParsedRate } from "../rate-limit.ts";
import type { ClaimAnswer, ClaimedRate, Claims } from "./claims.ts";
import type { RedisLink } from "./redis-link.ts";
import type { Share } from "./share.ts";

/** What the shared limits of a gate have in common. */
export interface Shared {
  readonly link: RedisLink;
  readonly claims: Claims;
  readonly share: Share;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
}

const MOST_REFUSALS = 10_000;

/**
 * A rate that all replicas count in Redis. Each also counts what it lets through against its own part of the rate, and
 * decides by that while Redis is away. Who is refused is not asked about again before the time that Redis has said.
 */
export class SharedLimit implements Limiter {
  readonly #shared: Shared;
  readonly #prefix: string;
  readonly #numbers: ClaimedRate["numbers"];
  readonly #here: RateLimit;
  readonly #refusedUntil = new Map<string, number>();

  constructor(shared: Shared, prefix: string, rate: Rate) {
    const { intervalMs, burst } = toParsedRate(rate);
    // Whole microseconds, rounded to the side of the stricter.
    const intervalUs = Math.ceil(intervalMs * 1_000);
    this.#numbers = [String(intervalUs), String(Math.floor(intervalUs * (burst - 1)))];
    this.#shared = shared;
    this.#prefix = prefix;
    this.#here = new RateLimit(
      rate,
      () => shared.share.time(),
      () => shared.share.part,
    );
  }

  take(key: string, quota?: SharedLimit): MaybePromise<Refused | undefined> {
    const wait = this.#toldToWait(key);
    if (wait > 0) return { by: "rate", afterMs: wait };
    const quotaWait = quota === undefined ? 0 : quota.#toldToWait(ALL);
    if (quotaWait > 0) return { by: "quota", afterMs: quotaWait };
    const { link, claims } = this.#shared;
    if (!link.isUp) return this.#takeHere(key, quota);
    const rates = quota === undefined ? [this.#claimed(key)] : [this.#claimed(key), quota.#claimed(ALL)];
    return claims.ask("1", rates).then((answer) => this.#judge(answer, key, quota));
  }

  waitFor(key: string): MaybePromise<number> {
    const wait = this.#toldToWait(key);
    if (wait > 0) return wait;
    const { link, claims } = this.#shared;
    const here = (): number => this.#toRealMs(this.#here.waitFor(key));
    if (!link.isUp) return here();
    return claims.ask("0", [this.#claimed(key)]).then((answer) => answer?.afterMs ?? here());
  }

  #judge(answer: ClaimAnswer | undefined, key: string, quota: SharedLimit | undefined): Refused | undefined {
    if (answer === undefined) return this.#takeHere(key, quota);
    const { refusedBy, afterMs } = answer;
    if (refusedBy === 0) {
      this.#here.count(key);
      if (quota !== undefined) quota.#here.count(ALL);
      return undefined;
    }
    if (refusedBy === 1 || quota === undefined) {
      this.#remember(key, afterMs);
      return { by: "rate", afterMs };
    }
    quota.#remember(ALL, afterMs);
    return { by: "quota", afterMs };
  }

  #takeHere(key: string, quota: SharedLimit | undefined): Refused | undefined {
    const refused = this.#here.take(key, quota === undefined ? undefined : quota.#here);
    return refused && { by: refused.by, afterMs: this.#toRealMs(refused.afterMs) };
  }

  #toRealMs(ownMs: number): number {
    return Math.ceil(ownMs / this.#shared.share.part);
  }

  /** Names of callers and their addresses stay here: Redis sees digests. */
  #claimed(key: string): ClaimedRate {
    return { key: `${this.#prefix}:${hash("sha256", key, "base64url").slice(0, 22)}`, numbers: this.#numbers };
  }

  #toldToWait(key: string): number {
    const until = this.#refusedUntil.get(key);
    if (until === undefined) return 0;
    const wait = Math.ceil(until - this.#shared.now());
    if (wait <= 0) this.#refusedUntil.delete(key);
    return Math.max(0, wait);
  }

  #remember(key: string, afterMs: number): void {
    if (this.#refusedUntil.size >= MOST_REFUSALS) this.#refusedUntil.clear();
    this.#refusedUntil.set(key, this.#shared.now() + afterMs);
  }
}
