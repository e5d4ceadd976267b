import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import type { ErrorAnswer, Host, JsonObject } from "../exchange.ts";
import type { HttpReply } from "./http-reply.ts";
import type { Arrival, Outlet } from "./outlet.ts";
import { Peer } from "./peer.ts";

/** One 2025 client over HTTP: its requests with their replies, and the one stream on which it hears of all else. */
export class Session implements Outlet {
  readonly holder: string | undefined;
  readonly endpoint: string | undefined;
  readonly #peer: Peer;
  readonly #replies = new Map<RequestId, HttpReply>();
  #stream: HttpReply | undefined;
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

  isRunning(id: RequestId): boolean {
    return this.#peer.isRunning(id);
  }

  request(message: JSONRPCMessage & { readonly id: RequestId }, arrival: Arrival, reply: HttpReply): void {
    this.#replies.set(message.id, reply);
    this.#peer.receive(message, arrival);
  }

  /** Takes a notification, or the answer to something that the client was asked. */
  tell(message: JSONRPCMessage, arrival: Arrival): void {
    this.#peer.receive(message, arrival);
  }

  /** Lets the client hear of changes. A stream opened before ends: its client has come back without closing it. */
  async listen(reply: HttpReply, arrival: Arrival): Promise<ErrorAnswer | undefined> {
    const exchange = this.#peer.exchange("subscriptions/listen", {}, arrival);
    const refusal = await this.#peer.changes.listen(exchange, () => reply.end());
    if (refusal !== undefined) return refusal;
    this.#stream?.end();
    this.#stream = reply;
    reply.startStream();
    void reply.closed.then(() => {
      if (this.#stream !== reply) return;
      this.#stream = undefined;
      this.#peer.changes.stop();
    });
    return undefined;
  }

  answer(id: RequestId, text: string, refusal: ErrorAnswer | undefined): void {
    this.#take(id)?.answer(text, refusal);
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

  /** Ends the stream, and resolves once every request is answered or its client gone. */
  async drain(): Promise<void> {
    this.#stream?.end();
    const replies = [...this.#replies.values()].map((reply) => reply.closed);
    await Promise.race([this.#peer.settle(), Promise.all(replies)]);
  }

  async close(): Promise<void> {
    this.#stream?.end();
    await this.#peer.close();
    for (const id of this.#replies.keys()) this.abandon(id);
  }

  #take(id: RequestId): HttpReply | undefined {
    const reply = this.#replies.get(id);
    this.#replies.delete(id);
    return reply;
  }
}
