import type { ServerResponse } from "node:http";
import type { ErrorAnswer } from "../exchange.ts";

/** More than this waiting for a client that does not read cuts it off. */
const mostBufferedBytes = 1024 * 1024;
const keepAliveMs = 15_000;

/** Before 2026-07-28 a status says something of the session or the caller; any other error belongs into the body. */
const toldByStatus: ReadonlySet<number> = new Set([401, 403, 429, 503]);

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

/** One HTTP response to a 2025 client: plain JSON, or an event stream from the first message before the answer on. */
export class HttpReply {
  readonly #response: ServerResponse;
  readonly #takesJson: boolean;
  readonly #takesStream: boolean;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, accept: string | undefined) {
    this.#response = response;
    const takes = (type: string): boolean => accept === undefined || accept.includes(type) || accept.includes("*/*");
    this.#takesJson = takes("application/json");
    this.#takesStream = takes("text/event-stream");
  }

  /** False where the client takes neither of the two forms of an answer. */
  get acceptable(): boolean {
    return this.#takesJson || this.#takesStream;
  }

  get streamable(): boolean {
    return this.#takesStream;
  }

  get open(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** Resolves once the response is over, whoever ended it. */
  get closed(): Promise<void> {
    if (this.#response.closed) return Promise.resolve();
    return new Promise((resolve) => this.#response.once("close", resolve));
  }

  /** Begins the event stream, with a comment so that proxies pass its head on. */
  startStream(): void {
    const response = this.#response;
    response.writeHead(200, streamHeaders);
    response.write(": open\n\n");
    this.#keepAlive = setInterval(() => this.#touch(), keepAliveMs).unref();
    response.once("close", () => clearInterval(this.#keepAlive));
  }

  /** Sends a message before the answer. False where the client is gone or takes no streams. */
  send(text: string): boolean {
    if (!this.open || !this.#takesStream) return false;
    if (!this.#response.headersSent) this.startStream();
    if (this.#response.writableLength > mostBufferedBytes) {
      this.#response.destroy();
      return false;
    }
    this.#response.write(toEvent(text));
    return true;
  }

  /** Sends the answer and ends. */
  answer(text: string, refusal?: ErrorAnswer): void {
    const response = this.#response;
    if (!this.open) return;
    if (response.headersSent) return void response.end(toEvent(text));
    const status = refusal !== undefined && toldByStatus.has(refusal.httpStatus) ? refusal.httpStatus : 200;
    if (status === 200 && !this.#takesJson) {
      this.startStream();
      return void response.end(toEvent(text));
    }
    const length = Buffer.byteLength(text);
    const headers = status === 200 ? {} : refusal?.httpHeaders;
    response.writeHead(status, { ...headers, "content-type": "application/json", "content-length": length });
    response.end(text);
  }

  /** Ends without an answer. */
  end(): void {
    if (!this.open) return;
    if (!this.#response.headersSent) this.#response.writeHead(200, streamHeaders);
    this.#response.end();
  }

  #touch(): void {
    if (this.#response.writableLength > mostBufferedBytes) this.#response.destroy();
    else if (this.open) this.#response.write(": keep-alive\n\n");
  }
}

function toEvent(text: string): string {
  return `event: message\ndata: ${text.replace(/[\r\n]+/g, " ")}\n\n`;
}
