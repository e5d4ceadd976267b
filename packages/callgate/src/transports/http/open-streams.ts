import type { ServerResponse } from "node:http";

const comment = ": keep-alive\n\n";

/** Keeps open streams alive, and cuts off clients that stop reading. One timer for all of them. */
export class OpenStreams {
  readonly #flushed = new Map<ServerResponse, number>();
  readonly #timer: NodeJS.Timeout;

  /** Every `keepAliveMs` a quiet stream gets a comment; one that took nothing since the time before is destroyed. */
  constructor(keepAliveMs: number) {
    this.#timer = setInterval(() => this.#sweep(), keepAliveMs).unref();
  }

  watch(response: ServerResponse): void {
    if (this.#flushed.has(response)) return;
    this.#flushed.set(response, -1);
    response.once("close", () => this.#flushed.delete(response));
  }

  get size(): number {
    return this.#flushed.size;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    for (const [response, before] of this.#flushed) {
      const waiting = response.writableLength;
      const flushed = (response.socket?.bytesWritten ?? 0) - waiting;
      if (waiting > 0 && flushed === before) response.destroy();
      else if (waiting === 0 && !response.writableEnded) response.write(comment);
      this.#flushed.set(response, waiting > 0 ? flushed : -1);
    }
  }
}
