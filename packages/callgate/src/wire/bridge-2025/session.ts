import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import type { ErrorAnswer, Host, JsonObject } from "../exchange.ts";
import { InFlight } from "../in-flight.ts";
import type { LegacyReply } from "../legacy-handler.ts";
import type { Arrival, Outlet } from "./outlet.ts";
import { Peer } from "./peer.ts";

/** Before 2026-07-28 a status says something of the session or the caller; any other error belongs into the body. */
const toldByStatus: ReadonlySet<number> = new Set([401, 403, 429, 503]);

/** One 2025 client over HTTP: its requests with their replies, and the one stream on which it hears of all else. */
export class Session implements Outlet {
  readonly holder: string | undefined;
  readonly endpoint: string | undefined;
  readonly #peer: Peer;
  readonly #replies = new InFlight<LegacyReply>();
  #stream: LegacyReply | undefined;
  /** Streams that the host has not let begin yet. */
  #opening = 0;
  #ended = false;
  usedAt: number;

  constructor(host: Host, owner: { holder: string | undefined; endpoint: string | undefined; now: number }) {
    this.holder = owner.holder;
    this.endpoint = owner.endpoint;
    this.usedAt = owner.now;
    this.#peer = new Peer({ host, transport: "http", endpoint: owner.endpoint, outlet: this });
  }

  /** Makes the handshake with what the client said of itself, now or to another process; gives its result as JSON text. */
  initialize(params: JsonObject): Promise<string | undefined> {
    return this.#peer.initialize(params);
  }

  get peer(): Peer {
    return this.#peer;
  }

  /** True where nothing runs and nobody listens. */
  get idle(): boolean {
    return this.#replies.size === 0 && this.#stream?.open !== true;
  }

  /** True where it would be missed: the client hears of resources that it has named. */
  get watching(): boolean {
    return this.#peer.changes.watching;
  }

  /** Why a request with this id cannot be taken now. */
  obstacleTo(id: RequestId): ErrorAnswer | undefined {
    return this.#peer.obstacleTo(id);
  }

  request(message: JSONRPCMessage & { readonly id: RequestId }, arrival: Arrival, reply: LegacyReply): void {
    this.#replies.set(message.id, reply);
    this.#peer.receive(message, arrival);
  }

  /** Takes a notification, or the answer to something that the client was asked. */
  tell(message: JSONRPCMessage, arrival: Arrival): void {
    this.#peer.receive(message, arrival);
  }

  /** Lets the client hear of changes. A stream opened before ends: its client has come back without closing it. */
  async listen(reply: LegacyReply, arrival: Arrival): Promise<ErrorAnswer | undefined> {
    const exchange = this.#peer.exchange("subscriptions/listen", {}, arrival);
    this.#opening++;
    try {
      const refusal = await this.#peer.changes.listen(exchange, () => this.#stream?.end());
      if (refusal === undefined && reply.open) this.#speakOn(reply);
      return refusal;
    } finally {
      this.#opening--;
      this.#stopUnheard();
    }
  }

  answer(id: RequestId, text: string, refusal: ErrorAnswer | undefined): void {
    const told = refusal !== undefined && toldByStatus.has(refusal.httpStatus);
    this.#take(id)?.conclude(text, told ? refusal : undefined);
  }

  during(id: RequestId, text: string): boolean {
    return this.#replies.get(id)?.send(text) ?? false;
  }

  aside(text: string): void {
    this.#stream?.send(text);
  }

  abandon(id: RequestId): void {
    this.#take(id)?.end();
  }

  /** Ends the stream; resolves once every request is answered, whoever still waits, after `graceMs` at the latest. */
  async drain(graceMs: number): Promise<void> {
    this.#stream?.end();
    await this.#peer.settle(graceMs);
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#stream?.end();
    await this.#peer.close();
    for (const reply of this.#replies.values()) reply.end();
  }

  #speakOn(reply: LegacyReply): void {
    if (this.#ended) return reply.end();
    this.#stream?.end();
    this.#stream = reply;
    reply.startStream();
    void reply.closed.then(() => this.#stopUnheard());
  }

  /** Changes are for a stream that is open, or about to be: a client may come back before it is missed. */
  #stopUnheard(): void {
    if (this.#opening > 0 || this.#stream?.open === true) return;
    this.#stream = undefined;
    this.#peer.changes.stop();
  }

  #take(id: RequestId): LegacyReply | undefined {
    const reply = this.#replies.get(id);
    this.#replies.delete(id);
    return reply;
  }
}
