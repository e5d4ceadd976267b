import type { Rate } from "../define/backend.ts";
import type { Limiter, Refused } from "./limiter.ts";

/** What one subject may do where neither the tool nor the config says how often. */
export const DEFAULT_RATE: Rate = "600/min";

/** The key of a quota: it is one for all. */
export const ALL = "all";

const PERIOD_MS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
const MAX_SUBJECTS = 50_000;

/** A rate in numbers: milliseconds between two calls, and how many may come at once. */
export interface ParsedRate {
  readonly intervalMs: number;
  readonly burst: number;
}

/** Undefined for what is no rate. */
export function parseRate(rate: string): ParsedRate | undefined {
  const [, count, unit] = /^([^/]+)\/(s|min|h)$/.exec(rate) ?? [];
  const calls = Number(count);
  if (!Number.isFinite(calls) || calls <= 0) return undefined;
  return { intervalMs: PERIOD_MS[unit as keyof typeof PERIOD_MS] / calls, burst: Math.max(1, Math.min(calls, 10_000)) };
}

/** The same; throws a `TypeError` for what is no rate. */
export function toParsedRate(rate: Rate): ParsedRate {
  const parsed = parseRate(rate);
  if (parsed === undefined) throw new TypeError(`"${rate}" is not a rate`);
  return parsed;
}

/** GCRA: a virtual clock per key. One number a key, no timers; a refusal costs a look-up. */
export class RateLimit implements Limiter {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #clock: () => number;
  readonly #part: (() => number) | undefined;
  readonly #wholeSlackMs: number;
  readonly #arrivals = new Map<string, number>();

  /** `part`, from 0 to 1: how much of what may come at once may come here; one call always may. */
  constructor(rate: Rate, clock: () => number, part?: () => number) {
    const { intervalMs, burst } = toParsedRate(rate);
    this.#intervalMs = intervalMs;
    this.#burst = burst;
    this.#clock = clock;
    this.#part = part;
    this.#wholeSlackMs = intervalMs * (burst - 1);
  }

  waitFor(key: string): number {
    const now = this.#clock();
    return this.#wait(this.#due(key, now), now);
  }

  take(key: string, quota?: RateLimit): Refused | undefined {
    const now = this.#clock();
    const due = this.#due(key, now);
    const wait = this.#wait(due, now);
    if (wait > 0) return { by: "rate", afterMs: wait };
    const quotaRefused = quota?.take(ALL);
    if (quotaRefused !== undefined) return { by: "quota", afterMs: quotaRefused.afterMs };
    this.#note(key, due, now);
    return undefined;
  }

  /** Counts one that others have let through; it never leaves less than nothing. */
  count(key: string): void {
    const now = this.#clock();
    this.#note(key, Math.min(this.#due(key, now), now + this.#slackMs), now);
  }

  /** What is due later than after everything at once is due from before the clock was set back. */
  #due(key: string, now: number): number {
    const due = this.#arrivals.get(key) ?? 0;
    const most = now + this.#slackMs + this.#intervalMs;
    if (due <= most) return due;
    this.#arrivals.set(key, most);
    return most;
  }

  #wait(due: number, now: number): number {
    return Math.max(0, Math.ceil(due - this.#slackMs - now));
  }

  #note(key: string, due: number, now: number): void {
    if (this.#arrivals.size >= MAX_SUBJECTS) this.#forget();
    this.#arrivals.set(key, Math.max(due, now) + this.#intervalMs);
  }

  get #slackMs(): number {
    if (this.#part === undefined) return this.#wholeSlackMs;
    return this.#intervalMs * (Math.max(1, this.#burst * this.#part()) - 1);
  }

  /** Drops a tenth, those first who have least to wait for: who is refused stays so, however many others come. */
  #forget(): void {
    const dues = Float64Array.from(this.#arrivals.values()).toSorted();
    const last = dues[Math.floor(dues.length / 10)] ?? 0;
    for (const [key, due] of this.#arrivals) if (due <= last) this.#arrivals.delete(key);
  }
}
