import type { Rate } from "../define/backend.ts";
import type { GateErrorCode } from "../define/error-codes.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import type { Call } from "./call.ts";
import { type Ending, refused } from "./ending.ts";

const PERIOD_MS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
const MAX_SUBJECTS = 50_000;

/** Milliseconds between two calls at this rate, and how many may come at once. */
export function parseRate(rate: Rate): { intervalMs: number; burst: number } {
  const [count, unit] = rate.split("/") as [string, keyof typeof PERIOD_MS];
  const calls = Number(count);
  if (!(calls > 0) || PERIOD_MS[unit] === undefined) {
    throw new TypeError(`"${rate}" is not a rate. Write calls per time, like "60/min".`);
  }
  return { intervalMs: PERIOD_MS[unit] / calls, burst: Math.max(1, Math.min(calls, 10_000)) };
}

/** GCRA: a virtual clock per key. One number a key, no timers; a refusal costs a look-up. */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #slackMs: number;
  readonly #clock: () => number;
  readonly #arrivals = new Map<string, number>();

  constructor(rate: Rate, clock: () => number) {
    const { intervalMs, burst } = parseRate(rate);
    this.#intervalMs = intervalMs;
    this.#slackMs = intervalMs * (burst - 1);
    this.#clock = clock;
  }

  /** Takes one; 0, or the milliseconds after which the next will be let through. */
  take(key: string): number {
    const now = this.#clock();
    const due = Math.max(this.#arrivals.get(key) ?? 0, now);
    const wait = due - this.#slackMs - now;
    if (wait > 0) return Math.ceil(wait);
    if (this.#arrivals.size >= MAX_SUBJECTS) this.#forget(now);
    this.#arrivals.set(key, due + this.#intervalMs);
    return 0;
  }

  #forget(now: number): void {
    for (const [key, due] of this.#arrivals) {
      if (due <= now || this.#arrivals.size >= MAX_SUBJECTS) this.#arrivals.delete(key);
    }
  }
}

/** How many run at the same time. */
export class Concurrency {
  readonly #most: number;
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get running(): number {
    return this.#running;
  }

  enter(): boolean {
    if (this.#running >= this.#most) return false;
    this.#running += 1;
    return true;
  }

  leave(): void {
    this.#running -= 1;
  }
}

/** The limits of one tool, resource or prompt. */
export interface CallLimits {
  readonly rate: RateLimit;
  readonly concurrency: Concurrency | undefined;
}

/** Stage 4. Takes the call's places, or refuses and says when to come again. What it takes, `leave` gives back. */
export function limit(call: Call): Ending | undefined {
  const { served, subject } = call;
  const who = subject.kind === "anonymous" ? `anonymous ${call.exchange.presented.remoteAddress ?? ""}` : subject.id;
  const wait = served.limits.rate.take(who);
  if (wait > 0)
    return tooMuch(call, "rate_limited", { afterMs: wait, what: `${served.name} is called too often by you` });
  const places = [
    { place: call.gate.inFlight, code: "overloaded", what: "the gate has all the calls in flight that it takes" },
    {
      place: served.limits.concurrency,
      code: "concurrency_limited",
      what: `${served.name} runs as often as it may at once`,
    },
    {
      place: served.domain.concurrency,
      code: "concurrency_limited",
      what: `${served.domain.name} is as busy as it may be`,
    },
  ] as const;
  for (const { place, code, what } of places) {
    if (place === undefined) continue;
    if (!place.enter()) return tooMuch(call, code, { afterMs: 1_000, what });
    call.places.push(place);
  }
  const quota = served.domain.quota?.take("all") ?? 0;
  return quota > 0
    ? tooMuch(call, "quota_exhausted", {
        afterMs: quota,
        what: `the quota of ${served.domain.name} for all callers is used up`,
      })
    : undefined;
}

/** Gives back what `limit` took. */
export function leave(call: Call): void {
  for (const place of call.places) place.leave();
  call.places.length = 0;
}

function tooMuch(call: Call, code: GateErrorCode, { afterMs, what }: { afterMs: number; what: string }): Ending {
  const seconds = Math.ceil(afterMs / 1000);
  leave(call);
  return refused(
    code,
    rpcError(
      code === "overloaded" ? rpcCode.unavailable : rpcCode.limited,
      `Too many calls: ${what}. Try again in ${seconds} s.`,
      {
        httpStatus: code === "overloaded" ? 503 : 429,
        httpHeaders: { "retry-after": String(seconds) },
        data: { code, retry: { afterMs } },
      },
    ),
  );
}
