import type { Rate } from "../define/backend.ts";

/** What one subject may do where neither the tool nor the config says how often. */
export const DEFAULT_RATE: Rate = "600/min";

const PERIOD_MS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
const MAX_SUBJECTS = 50_000;

/** Milliseconds between two calls at this rate, and how many may come at once; undefined for what is no rate. */
export function parseRate(rate: string): { readonly intervalMs: number; readonly burst: number } | undefined {
  const [, count, unit] = /^([^/]+)\/(s|min|h)$/.exec(rate) ?? [];
  const calls = Number(count);
  if (!Number.isFinite(calls) || calls <= 0) return undefined;
  return { intervalMs: PERIOD_MS[unit as keyof typeof PERIOD_MS] / calls, burst: Math.max(1, Math.min(calls, 10_000)) };
}

/** GCRA: a virtual clock per key. One number a key, no timers; a refusal costs a look-up. */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #slackMs: number;
  readonly #clock: () => number;
  readonly #arrivals = new Map<string, number>();

  constructor(rate: Rate, clock: () => number) {
    const parsed = parseRate(rate);
    if (parsed === undefined) throw new TypeError(`"${rate}" is not a rate`);
    const { intervalMs, burst } = parsed;
    this.#intervalMs = intervalMs;
    this.#slackMs = intervalMs * (burst - 1);
    this.#clock = clock;
  }

  /** Milliseconds after which the next will be let through; 0 where it may come now. Takes nothing. */
  waitFor(key: string): number {
    const due = this.#arrivals.get(key);
    return due === undefined ? 0 : Math.max(0, Math.ceil(due - this.#slackMs - this.#clock()));
  }

  /** Takes one; 0, or the milliseconds after which the next will be let through. */
  take(key: string): number {
    const wait = this.waitFor(key);
    if (wait > 0) return wait;
    const now = this.#clock();
    if (this.#arrivals.size >= MAX_SUBJECTS) this.#forget();
    this.#arrivals.set(key, Math.max(this.#arrivals.get(key) ?? 0, now) + this.#intervalMs);
    return 0;
  }

  /** Drops a tenth, those first who have least to wait for: who is refused stays so, however many others come. */
  #forget(): void {
    const dues = Float64Array.from(this.#arrivals.values()).toSorted();
    const last = dues[Math.floor(dues.length / 10)] ?? 0;
    for (const [key, due] of this.#arrivals) if (due <= last) this.#arrivals.delete(key);
  }
}
