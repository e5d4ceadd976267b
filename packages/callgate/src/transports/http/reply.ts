import type { ServerResponse } from "node:http";
import type { Outlet } from "../../wire/call.ts";
import type { Answer } from "../../wire/exchange.ts";
import type { RequestId } from "../../wire/json-rpc.ts";
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

/** The answer to one request: plain JSON, or an event stream from the first notification on. */
export class Reply implements Outlet, EventStream {
  readonly #response: ServerResponse;
  readonly #accepts: Accepts;
  readonly #context: ReplyContext;
  #streaming = false;

  constructor(response: ServerResponse, accepts: Accepts, context: ReplyContext) {
    this.#response = response;
    this.#accepts = accepts;
    this.#context = context;
  }

  notify(text: string): void {
    if (this.#accepts.stream) this.send(text);
  }

  onGone(listener: () => void): void {
    const response = this.#response;
    if (response.destroyed || response.req.socket.destroyed) return listener();
    response.once("close", () => {
      if (!response.writableEnded) listener();
    });
  }

  send(text: string): void {
    const response = this.#response;
    if (response.writableEnded || response.destroyed) return;
    if (!this.#streaming) this.#startStream();
    if (response.writableLength > this.#context.maxBufferedBytes) response.destroy();
    else response.write(frame(text));
  }

  end(text: string): void {
    if (!this.#streaming) this.#startStream();
    this.#response.end(frame(text));
  }

  answer(id: RequestId, answer: Answer): void {
    const response = this.#response;
    if (response.destroyed) return;
    const text = this.#context.codec.encode(id, answer);
    if (this.#streaming) return void response.end(frame(text));
    if (answer.kind === "error") {
      this.#writeError(answer.httpStatus, answer.httpHeaders, text);
    } else if (this.#accepts.json) {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.end(text);
    } else {
      this.end(text);
    }
    // Whatever the kernel did not take at once waits for a reader, who may never come.
    if (response.writableLength > 0) watchReader(response, this.#context.keepAliveMs);
  }

  #writeError(status: number, headers: Readonly<Record<string, string>> | undefined, text: string): void {
    this.#response.writeHead(status, {
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    });
    this.#response.end(text);
  }

  #startStream(): void {
    this.#streaming = true;
    this.#response.writeHead(200, streamHeaders);
    watchReader(this.#response, this.#context.keepAliveMs);
  }
}

/** One server-sent event. Line breaks between JSON tokens would end it early; within strings JSON has none. */
function frame(text: string): string {
  const line = text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]+/g, " ") : text;
  return `event: message\ndata: ${line}\n\n`;
}
