import { hash } from "node:crypto";
import type { Call } from "./call.ts";
import type { ErrorAnswer, Host, Presented, SubscriptionFilter } from "./exchange.ts";
import { toInternalError } from "./internal-error.ts";
import { isJsonObject, type RequestId } from "./json-rpc.ts";
import { type EventStream, OpenSubscription } from "./open-subscription.ts";
import type { Codec } from "./revisions/2026-07-28/codec.ts";
import { rpcCode, rpcError } from "./rpc-error.ts";

export interface SubscriptionLimits {
  readonly perCaller: number;
  readonly total: number;
}

export const defaultSubscriptionLimits: SubscriptionLimits = { perCaller: 16, total: 1_000 };

/** The open `subscriptions/listen` requests of one transport, bounded per caller and in all. */
export class Subscriptions {
  readonly #host: Host;
  readonly #codec: Codec;
  readonly #limits: SubscriptionLimits;
  readonly #open = new Set<OpenSubscription>();
  readonly #perCaller = new Map<string, number>();

  constructor(host: Host, codec: Codec, limits: SubscriptionLimits) {
    this.#host = host;
    this.#codec = codec;
    this.#limits = limits;
  }

  /** Subscribes and acknowledges. An error is returned for the transport to answer with; nothing was sent then. */
  async open(call: Call, id: RequestId, stream: EventStream): Promise<ErrorAnswer | undefined> {
    const caller = callerOf(call.presented);
    const mine = this.#perCaller.get(caller) ?? 0;
    if (mine >= this.#limits.perCaller) return full(`this caller already has ${mine} open`);
    if (this.#open.size >= this.#limits.total) return full("the gate has as many open as it serves");
    const subscription: OpenSubscription = new OpenSubscription({
      id,
      stream,
      codec: this.#codec,
      onClosed: () => this.#release(subscription, caller),
    });
    this.#open.add(subscription);
    this.#perCaller.set(caller, mine + 1);
    try {
      const outcome = await this.#host.listen(call, filterOf(call.params["notifications"]), subscription);
      if (!("kind" in outcome)) {
        subscription.begin(outcome, call.signal);
        return undefined;
      }
      subscription.drop();
      return outcome;
    } catch (error) {
      subscription.drop();
      return toInternalError(this.#host, `${call.method} broke`, error);
    }
  }

  /** Ends every subscription with its final result. */
  endAll(): void {
    for (const subscription of this.#open) subscription.end();
  }

  get size(): number {
    return this.#open.size;
  }

  #release(subscription: OpenSubscription, caller: string): void {
    this.#open.delete(subscription);
    const left = (this.#perCaller.get(caller) ?? 1) - 1;
    if (left === 0) this.#perCaller.delete(caller);
    else this.#perCaller.set(caller, left);
  }
}

/** A credential is kept only as its digest; without one the address stands for the caller. */
function callerOf(presented: Presented): string {
  if (presented.authorization === undefined) return `address ${presented.remoteAddress ?? "local"}`;
  return `credential ${hash("sha256", presented.authorization, "base64")}`;
}

function full(reason: string): ErrorAnswer {
  return rpcError(rpcCode.limited, `Too many subscriptions: ${reason}. Close one, or try again later.`, {
    httpStatus: 429,
    httpHeaders: { "retry-after": "30" },
  });
}

function filterOf(notifications: unknown): SubscriptionFilter {
  const asked = isJsonObject(notifications) ? notifications : {};
  const uris = asked["resourceSubscriptions"];
  return {
    toolsListChanged: asked["toolsListChanged"] === true,
    promptsListChanged: asked["promptsListChanged"] === true,
    resourcesListChanged: asked["resourcesListChanged"] === true,
    // Its items were checked with the request's params.
    resourceSubscriptions: Array.isArray(uris) ? (uris as string[]) : [],
  };
}
