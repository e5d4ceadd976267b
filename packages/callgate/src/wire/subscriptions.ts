import type { Call } from "./call.ts";
import type { ErrorAnswer, Host, SubscriptionFilter } from "./exchange.ts";
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

/** What a request says is held for as long as its stream is open: room for some hundred resources. */
const mostRequestBytes = 16 * 1024;

/** The open `subscriptions/listen` requests of one transport, bounded per caller, however it proves itself, and in all. */
export class Subscriptions {
  readonly #host: Host;
  readonly #codec: Codec;
  readonly #limits: SubscriptionLimits;
  /** With their callers, once those are known. */
  readonly #open = new Map<OpenSubscription, string | undefined>();

  constructor(host: Host, codec: Codec, limits: SubscriptionLimits) {
    this.#host = host;
    this.#codec = codec;
    this.#limits = limits;
  }

  /** Subscribes and acknowledges. An error is returned for the transport to answer with; nothing was sent then. */
  async open(call: Call, id: RequestId, stream: EventStream): Promise<ErrorAnswer | undefined> {
    if (call.inputBytes > mostRequestBytes) return tooLarge;
    if (this.#open.size >= this.#limits.total) return full("the gate has as many open as it serves");
    const subscription: OpenSubscription = new OpenSubscription({
      id,
      stream,
      codec: this.#codec,
      onClosed: () => this.#open.delete(subscription),
    });
    this.#open.set(subscription, undefined);
    try {
      const outcome = await this.#host.listen(call, filterOf(call.params["notifications"]), subscription);
      if ("kind" in outcome) {
        subscription.drop();
        return outcome;
      }
      const mine = this.#countOf(outcome.caller);
      if (mine >= this.#limits.perCaller) {
        outcome.close();
        subscription.drop();
        return full(`you already have ${mine} open`);
      }
      this.#open.set(subscription, outcome.caller);
      subscription.begin(outcome, call.signal);
      return undefined;
    } catch (error) {
      subscription.drop();
      return toInternalError(this.#host, `${call.method} broke`, error);
    }
  }

  /** Ends every subscription with its final result. */
  endAll(): void {
    for (const subscription of this.#open.keys()) subscription.end();
  }

  get size(): number {
    return this.#open.size;
  }

  #countOf(caller: string): number {
    let count = 0;
    for (const other of this.#open.values()) if (other === caller) count += 1;
    return count;
  }
}

function full(reason: string): ErrorAnswer {
  return rpcError(rpcCode.limited, `Too many subscriptions: ${reason}. Close one, or try again later.`, {
    httpStatus: 429,
    httpHeaders: { "retry-after": "30" },
  });
}

const tooLarge = rpcError(
  rpcCode.invalidRequest,
  `A subscription is larger than ${mostRequestBytes} bytes: listen for fewer resources at once.`,
  { httpStatus: 413 },
);

function filterOf(notifications: unknown): SubscriptionFilter {
  const asked = isJsonObject(notifications) ? notifications : {};
  const { resourceSubscriptions: uris, taskIds } = asked;
  return {
    toolsListChanged: asked["toolsListChanged"] === true,
    promptsListChanged: asked["promptsListChanged"] === true,
    resourcesListChanged: asked["resourcesListChanged"] === true,
    // Its items were checked with the request's params.
    resourceSubscriptions: Array.isArray(uris) ? (uris as string[]) : [],
    ...(Array.isArray(taskIds) && { taskIds: [...new Set(taskIds as string[])] }),
  };
}
