import type { GateErrorCode } from "../define/error-codes.ts";
import type { Concurrency } from "../limits/concurrency.ts";
import { networkOf } from "../limits/network.ts";
import type { RateLimit } from "../limits/rate-limit.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import type { Call } from "./call.ts";
import { type Ending, refused } from "./ending.ts";

const GATE_IS_FULL = "the gate has all the calls in flight that it takes";
/** Places come free as calls end; nobody knows when. */
const FULL_FOR_MS = 1_000;

/** The limits of one tool, resource or prompt. */
export interface CallLimits {
  readonly rate: RateLimit;
  readonly concurrency: Concurrency | undefined;
}

/** Stage 4. Takes the call's places, or refuses and says when to come again. What it takes, `leave` gives back. */
export function limit(call: Call): Ending | undefined {
  const { served } = call;
  const wait = served.limits.rate.take(whoCalls(call));
  if (wait > 0)
    return tooMuch(call, "rate_limited", { afterMs: wait, what: `${served.name} is called too often by you` });
  const places = [
    { place: call.gate.inFlight, code: "overloaded", what: GATE_IS_FULL },
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
    if (!place.enter()) return tooMuch(call, code, { afterMs: FULL_FOR_MS, what });
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

/** The same for lists and subscriptions: all of them have one rate, and a place while they are answered. */
export function limitList(call: Call): Ending | undefined {
  const { listRate, inFlight } = call.gate;
  const wait = listRate.take(whoCalls(call));
  if (wait > 0) return tooMuch(call, "rate_limited", { afterMs: wait, what: "you ask for lists too often" });
  if (!inFlight.enter()) return tooMuch(call, "overloaded", { afterMs: FULL_FOR_MS, what: GATE_IS_FULL });
  call.places.push(inFlight);
  return undefined;
}

/** Strangers are all one subject; the network they call from stands for each. */
export function whoCalls({ subject, exchange }: Call): string {
  return subject.kind === "anonymous" ? `anonymous ${networkOf(exchange.presented.remoteAddress)}` : subject.id;
}

/** Gives back what was taken. */
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
