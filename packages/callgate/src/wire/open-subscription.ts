import type { Stop } from "../define/stop.ts";
import type { ChangeEvent, JsonObject, Subscription, SubscriptionFilter } from "./exchange.ts";
import { isJsonObject, type RequestId } from "./json-rpc.ts";
import type { Codec } from "./revisions/2026-07-28/codec.ts";
import { encodeNotification } from "./revisions/2026-07-28/encode.ts";
import { metaKey } from "./revisions/2026-07-28/revision.ts";

/** Where the messages of one subscription go. */
export interface EventStream {
  send(text: string): void;
  /** Sends the last message and ends. */
  end(text: string): void;
}

export interface ListenRequest {
  readonly id: RequestId;
  readonly stream: EventStream;
  readonly codec: Codec;
  readonly onClosed: () => void;
}

/** Where more happens before a subscription is acknowledged, it ends at once: its client looks again, and subscribes anew. */
const MOST_EARLY = 1_000;

/** One `subscriptions/listen` request: acknowledgement first, then its events, at last its result. */
export class OpenSubscription {
  readonly #request: ListenRequest;
  /** Events that came before the acknowledgement was sent; undefined from then on. */
  #early: ChangeEvent[] | undefined = [];
  #source: Subscription | undefined;
  #ending = false;
  #closed = false;

  constructor(request: ListenRequest) {
    this.#request = request;
  }

  /** Acknowledges, and follows the client: a `gone` that aborts ends the subscription without a word. */
  begin(source: Subscription, gone: Stop): void {
    this.#source = source;
    if (gone.aborted) return this.drop();
    gone.addEventListener("abort", () => this.drop(), { once: true });
    const notifications = named(source.honoured);
    this.#send("notifications/subscriptions/acknowledged", { notifications });
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.emit(event);
    if (this.#ending || Object.keys(notifications).length === 0) this.end();
  }

  emit(event: ChangeEvent): void {
    if (this.#closed) return;
    if (this.#early === undefined) this.#send(event.method, event.params);
    else if (this.#early.length < MOST_EARLY) this.#early.push(event);
    else this.#ending = true;
  }

  /** Ends with the result that tells the client that nothing went wrong. */
  end(): void {
    if (this.#source === undefined) this.#ending = true;
    else if (this.#close()) this.#request.stream.end(this.#result());
  }

  /** Ends without a word: the client has gone, or was never told that there is a subscription. */
  drop(): void {
    this.#close();
  }

  #close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#source?.close();
    this.#request.onClosed();
    return true;
  }

  #send(method: string, params: JsonObject): void {
    const meta = isJsonObject(params["_meta"]) ? params["_meta"] : {};
    this.#request.stream.send(
      encodeNotification(method, { ...params, _meta: { ...meta, [metaKey.subscriptionId]: this.#request.id } }),
    );
  }

  #result(): string {
    return this.#request.codec.encode(this.#request.id, {
      kind: "result",
      members: "",
      resultType: "complete",
      cache: undefined,
      meta: `"${metaKey.subscriptionId}":${JSON.stringify(this.#request.id)}`,
    });
  }
}

/** What is honoured, without what is not: the acknowledgement names only what will come. */
function named(filter: SubscriptionFilter): JsonObject {
  return {
    ...(filter.toolsListChanged && { toolsListChanged: true }),
    ...(filter.promptsListChanged && { promptsListChanged: true }),
    ...(filter.resourcesListChanged && { resourcesListChanged: true }),
    ...(filter.taskIds !== undefined && filter.taskIds.length > 0 && { taskIds: filter.taskIds }),
    ...(filter.resourceSubscriptions.length > 0 && { resourceSubscriptions: filter.resourceSubscriptions }),
  };
}
