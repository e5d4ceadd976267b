import { answerCall } from "./answer-call.ts";
import { Call, type CallOrigin, type Outlet } from "./call.ts";
import { eraOf } from "./era.ts";
import type { ErrorAnswer, Host, Presented, TransportKind } from "./exchange.ts";
import { InFlight } from "./in-flight.ts";
import { toInternalError } from "./internal-error.ts";
import { type NotificationFrame, type RequestFrame, type RequestId, readFrame } from "./json-rpc.ts";
import type { LegacyConversation, LegacyLoader } from "./legacy-handler.ts";
import { oneLine } from "./one-line.ts";
import type { EventStream } from "./open-subscription.ts";
import { type Admitted, Codec, unsupportedRevision } from "./revisions/2026-07-28/codec.ts";
import { rpcCode, rpcError } from "./rpc-error.ts";
import { JsonFault, parseStrictJson } from "./strict-json.ts";
import { defaultSubscriptionLimits, Subscriptions } from "./subscriptions.ts";

export interface ChannelOptions {
  readonly host: Host;
  /** What serves 2025 clients; left out, they are told what is served. */
  readonly legacy?: LegacyLoader;
  readonly transport: TransportKind;
  readonly presented: Presented;
  /** Serves one domain alone. */
  readonly endpoint?: string;
  /** Calls in flight; one more is refused. 256 unless said otherwise. */
  readonly maxInFlight?: number;
  /** Sends one message: JSON text without line breaks. */
  readonly write: (text: string) => void;
}

/** One client on a two-way channel (stdio, memory): many requests at once, told apart by their ids. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #codec: Codec;
  readonly #subscriptions: Subscriptions;
  readonly #inFlight = new InFlight<ChannelCall>();
  readonly #maxInFlight: number;
  #legacy: Promise<LegacyConversation> | undefined;
  #pinnedToLegacy = false;
  #onIdle: (() => void) | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#codec = new Codec(options.host);
    this.#subscriptions = new Subscriptions(options.host, this.#codec, defaultSubscriptionLimits);
    this.#maxInFlight = options.maxInFlight ?? 256;
  }

  /** Takes one message as it came. What is wrong with it is answered, never thrown. */
  receive(bytes: Buffer): void {
    let message: unknown;
    try {
      message = parseStrictJson(bytes);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      return this.#write(null, rpcError(error.code, error.message));
    }
    if (this.#pinnedToLegacy) return this.#converse(message, bytes.length);
    const frame = readFrame(message);
    if (frame.kind === "invalid") return this.#write(frame.id, rpcError(rpcCode.invalidRequest, frame.reason));
    // Nobody was asked anything before an era is agreed on.
    if (frame.kind === "response") return;
    const era = eraOf(frame, undefined);
    if (era === "legacy") {
      this.#pinnedToLegacy = frame.method === "initialize" && this.#options.legacy !== undefined;
      return this.#takeLegacy(frame, message, bytes.length);
    }
    if (frame.kind === "notification") return this.#takeNotification(frame);
    if (typeof era === "object") return this.#write(frame.id, era);
    this.#take(frame, bytes.length);
  }

  /** Ends subscriptions, lets calls finish for `graceMs`, then cancels them. */
  async close(options: { readonly graceMs: number }): Promise<void> {
    this.#subscriptions.endAll();
    if (this.#inFlight.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.graceMs);
        this.#onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const call of this.#inFlight.values()) call.leave();
    await (await this.#legacy?.catch(() => undefined))?.close(options);
  }

  #take(frame: RequestFrame, inputBytes: number): void {
    const { id } = frame;
    if (this.#inFlight.has(id)) return this.#write(id, idInUse);
    if (this.#inFlight.size >= this.#maxInFlight) return this.#write(id, tooMany);
    const admitted = this.#codec.admit(frame, undefined);
    if (admitted.kind === "error") return this.#write(id, admitted);
    const outlet = new ChannelCall(this.#options.write);
    this.#inFlight.set(id, outlet);
    void this.#answer(frame, { admitted, outlet, inputBytes });
  }

  async #answer(
    frame: RequestFrame,
    taken: { readonly admitted: Admitted; readonly outlet: ChannelCall; readonly inputBytes: number },
  ): Promise<void> {
    const { id, method } = frame;
    const { admitted, outlet, inputBytes } = taken;
    const call = new Call({ method, params: admitted.params, meta: admitted.meta }, this.#origin(inputBytes), outlet);
    if (method === "subscriptions/listen") {
      outlet.onEnd(() => this.#forget(id));
      const refusal = await this.#subscriptions.open(call, id, outlet);
      if (refusal === undefined) return;
      if (!outlet.gone) this.#write(id, refusal);
    } else {
      const answer = await answerCall(this.#options.host, this.#codec, call);
      if (!outlet.gone) this.#options.write(oneLine(this.#codec.encode(id, answer)));
    }
    this.#forget(id);
  }

  #takeNotification(frame: NotificationFrame): void {
    if (frame.method !== "notifications/cancelled") return;
    const id = frame.params?.["requestId"];
    if (typeof id !== "string" && typeof id !== "number") return;
    this.#inFlight.get(id)?.leave();
  }

  #takeLegacy(frame: RequestFrame | NotificationFrame, message: unknown, bytes: number): void {
    if (frame.kind === "notification" && frame.method === "notifications/cancelled") this.#takeNotification(frame);
    else if (this.#options.legacy !== undefined) this.#converse(message, bytes);
    else if (frame.kind === "request") this.#write(frame.id, unsupportedRevision(undefined));
  }

  #converse(message: unknown, bytes: number): void {
    this.#legacy ??= this.#openLegacy();
    this.#legacy.then(
      (conversation) => conversation.receive(message, bytes),
      (error: unknown) => {
        const internal = toInternalError(this.#options.host, "the bridge for 2025 clients did not load", error);
        const frame = readFrame(message);
        if (frame.kind === "request") this.#write(frame.id, internal);
      },
    );
  }

  async #openLegacy(): Promise<LegacyConversation> {
    const { legacy, transport, presented, endpoint, write } = this.#options;
    const handler = await legacy?.();
    if (handler === undefined) throw new Error("2025 clients are not served here.");
    return handler.converse({ transport, endpoint, presented, send: (text) => write(oneLine(text)) });
  }

  #origin(inputBytes: number): CallOrigin {
    const { transport, endpoint, presented } = this.#options;
    return { transport, endpoint, presented, paramHeaders: undefined, inputBytes };
  }

  #write(id: RequestId | null, error: ErrorAnswer): void {
    this.#options.write(this.#codec.encode(id, error));
  }

  #forget(id: RequestId): void {
    this.#inFlight.delete(id);
    if (this.#inFlight.size === 0) this.#onIdle?.();
  }
}

/** One request on a channel: its way back, and whether the client still wants it. */
class ChannelCall implements Outlet, EventStream {
  readonly #send: (text: string) => void;
  #onGone: (() => void) | undefined;
  #onEnd: (() => void) | undefined;
  gone = false;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  notify(text: string): void {
    this.send(text);
  }

  send(text: string): void {
    if (!this.gone) this.#send(text);
  }

  end(text: string): void {
    this.send(text);
    this.#onEnd?.();
  }

  onGone(listener: () => void): void {
    if (this.gone) listener();
    else this.#onGone = listener;
  }

  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  /** The client wants no answer any more: nothing further is sent for this request. */
  leave(): void {
    if (this.gone) return;
    this.gone = true;
    this.#onGone?.();
    this.#onEnd?.();
  }
}

const idInUse = rpcError(rpcCode.invalidRequest, "A request with this id is still in flight.");
const tooMany = rpcError(rpcCode.limited, "Too many requests in flight: wait for answers before asking more.");
