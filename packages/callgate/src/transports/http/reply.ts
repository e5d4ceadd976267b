import type { ServerResponse } from "node:http";
import type { Outlet } from "../../wire/call.ts";
import type { Answer, ErrorAnswer } from "../../wire/exchange.ts";
import type { RequestId } from "../../wire/json-rpc.ts";
import type { LegacyReply } from "../../wire/legacy-handler.ts";
import { oneLine } from "../../wire/one-line.ts";
import type { EventStream } from "../../wire/open-subscription.ts";
import type { Codec } from "../../wire/revisions/2026-07-28/codec.ts";
import type { Accepts } from "./accept.ts";
import { watchReader } from "./watch-reader.ts";

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

export interface ReplyContext {
  readonly codec: Codec;
  /** A quiet stream gets a comment after this time; a client that takes nothing for so long is cut off. */
  readonly keepAliveMs: number;
  /** A stream with more than this waiting for its reader is cut off. */
  readonly maxBufferedBytes: number;
}

type Head = Pick<ErrorAnswer, "httpStatus" | "httpHeaders">;

const found: Head = { httpStatus: 200, httpHeaders: undefined };

/** The answer to one request of either era: plain JSON, or an event stream from the first notification on. */
export class Reply implements Outlet, EventStream, LegacyReply {
  readonly accepts: Accepts;
  readonly #response: ServerResponse;
  readonly #context: ReplyContext;
  #streaming = false;

  constructor(response: ServerResponse, accepts: Accepts, context: ReplyContext) {
    this.accepts = accepts;
    this.#response = response;
    this.#context = context;
  }

  get open(): boolean {
    return !this.#response.writableEnded && !this.#gone;
  }

  get closed(): Promise<void> {
    const response = this.#response;
    return response.closed ? Promise.resolve() : new Promise((resolve) => response.once("close", resolve));
  }

  notify(text: string): void {
    this.send(text);
  }

  onGone(listener: () => void): void {
    const response = this.#response;
    if (this.#gone) return listener();
    response.once("close", () => {
      if (!response.writableEnded) listener();
    });
  }

  startStream(): void {
    if (!this.open || this.#streaming) return;
    this.#beginStream();
    // Proxies pass the head on with the first bytes of a body.
    this.#response.write(": open\n\n");
  }

  send(text: string): boolean {
    const response = this.#response;
    if (!this.open || !this.accepts.stream) return false;
    if (!this.#streaming) this.#beginStream();
    if (response.writableLength > this.#context.maxBufferedBytes) {
      response.destroy();
      return false;
    }
    response.write(frame(text));
    return true;
  }

  end(text?: string): void {
    if (!this.open) return;
    if (!this.#streaming) this.#beginStream();
    this.#response.end(text === undefined ? undefined : frame(text));
  }

  answer(id: RequestId, answer: Answer): void {
    if (!this.open) return;
    const { codec } = this.#context;
    const pieces = this.#streaming || !this.accepts.json ? undefined : codec.encodePieces(id, answer);
    if (pieces !== undefined) return this.#concludeWith(pieces);
    this.conclude(codec.encode(id, answer), answer.kind === "error" ? answer : found);
  }

  /** What is there as bytes, as plain JSON. */
  #concludeWith(pieces: readonly Uint8Array[]): void {
    const response = this.#response;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    response.writeHead(200, { "content-type": "application/json", "content-length": length });
    response.cork();
    for (const piece of pieces) response.write(piece);
    response.end();
    if (response.writableLength > 0) watchReader(response, this.#context.keepAliveMs);
  }

  conclude(text: string, { httpStatus, httpHeaders }: Head = found): void {
    const response = this.#response;
    if (!this.open) return;
    if (this.#streaming) return void response.end(frame(text));
    if (httpStatus === 200 && !this.accepts.json && this.accepts.stream) {
      this.#beginStream(httpHeaders);
      return void response.end(frame(text));
    }
    const content = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    response.writeHead(httpStatus, httpHeaders === undefined ? content : { ...httpHeaders, ...content });
    response.end(text);
    // Whatever the kernel did not take at once waits for a reader, who may never come.
    if (response.writableLength > 0) watchReader(response, this.#context.keepAliveMs);
  }

  acknowledge(httpStatus: 202 | 204): void {
    if (this.open) this.#response.writeHead(httpStatus).end();
  }

  /** True already before the response hears of it. */
  get #gone(): boolean {
    return this.#response.destroyed || this.#response.req.socket.destroyed;
  }

  #beginStream(headers?: Readonly<Record<string, string>>): void {
    this.#streaming = true;
    this.#response.writeHead(200, { ...headers, ...streamHeaders });
    watchReader(this.#response, this.#context.keepAliveMs);
  }
}

/** One server-sent event. */
function frame(text: string): string {
  return `event: message\ndata: ${oneLine(text)}\n\n`;
}
