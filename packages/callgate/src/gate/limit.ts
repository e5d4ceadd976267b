import type { GateErrorCode } from "../define/error-codes.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import type { Concurrency } from "../limits/concurrency.ts";
import type { Limiter, Refused } from "../limits/limiter.ts";
import { networkOf } from "../limits/network.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { type Ending, refused } from "./answers/ending.ts";
import type { Call } from "./call/call.ts";

const GATE_IS_FULL = "the gate has all the calls in flight that it takes";
/** Places come free as calls end; nobody knows when. */
const FULL_FOR_MS = 1_000;

/** The limits of one tool, resource or prompt. */
export interface CallLimits {
  readonly rate: Limiter;
  readonly concurrency: Concurrency | undefined;
}

/**
 * Stage 4. Takes the call's places, then one of its rate and its domain's quota, or refuses and says when to come again.
 * What it takes of places, `leave` gives back. A promise only where rates are counted together with other replicas.
 */
export function limit(call: Call): MaybePromise<Ending | undefined> {
  const { served, gate } = call;
  const { domain, limits } = served;
  if (!enters(call, gate.inFlight)) return full(call, "overloaded", GATE_IS_FULL);
  if (!enters(call, limits.concurrency))
    return full(call, "concurrency_limited", `${served.name} runs as often as it may at once`);
  if (!enters(call, domain.concurrency))
    return full(call, "concurrency_limited", `${domain.name} is as busy as it may be`);
  return judged(limits.rate.take(whoCalls(call), domain.quota), ({ by, afterMs }) =>
    by === "rate"
      ? tooMuch(call, "rate_limited", { afterMs, what: `${served.name} is called too often by you` })
      : tooMuch(call, "quota_exhausted", {
          afterMs,
          what: `the quota of ${domain.name} for all callers is used up`,
        }),
  );
}

/** The same for lists and subscriptions: all of them have one rate, and a place while they are answered. */
export function limitList(call: Call): MaybePromise<Ending | undefined> {
  const { listRate, inFlight } = call.gate;
  if (!enters(call, inFlight)) return full(call, "overloaded", GATE_IS_FULL);
  return judged(listRate.take(whoCalls(call)), ({ afterMs }) =>
    tooMuch(call, "rate_limited", { afterMs, what: "you ask for lists too often" }),
  );
}

/** Strangers are all one subject; the network they call from stands for each. */
export function whoCalls({ subject, exchange }: Call): string {
  return subject.kind === "anonymous" ? `anonymous ${networkOf(exchange.presented.remoteAddress)}` : subject.id;
}

/**
 * Gives back all places but the gate's own while a person thinks: a tool's few are for calls that run. What it gives
 * takes them again; false where there is none.
 */
export function standAside(call: Call): () => boolean {
  const others = call.places.splice(1);
  for (const place of others) place.leave();
  return () => others.every((place) => enters(call, place));
}

/** Gives back what was taken. */
export function leave(call: Call): void {
  for (const place of call.places) place.leave();
  call.places.length = 0;
}

function enters(call: Call, place: Concurrency | undefined): boolean {
  if (place === undefined) return true;
  if (!place.enter()) return false;
  call.places.push(place);
  return true;
}

function judged(
  taken: MaybePromise<Refused | undefined>,
  toEnding: (refused: Refused) => Ending,
): MaybePromise<Ending | undefined> {
  return after(taken, (refused) => refused && toEnding(refused));
}

function full(call: Call, code: "overloaded" | "concurrency_limited", what: string): Ending {
  return tooMuch(call, code, { afterMs: FULL_FOR_MS, what });
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
