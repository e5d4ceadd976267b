import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { encodeError } from "../../wire/revisions/2026-07-28/encode.ts";
import { rpcCode, rpcError } from "../../wire/rpc-error.ts";

/** What a refused client is told to wait. */
const RETRY_AFTER_S = 1;
/** Refusals a second that are given away; each costs a tenth or so of what a call does. */
const FREE_A_SECOND = 500;

const TEXT = encodeError(
  null,
  rpcError(rpcCode.unavailable, `The gate has more calls than it can serve. Try again in ${RETRY_AFTER_S} s.`, {
    data: { code: "overloaded", retry: { afterMs: RETRY_AFTER_S * 1_000 } },
  }),
);
const HEADERS = {
  "content-type": "application/json",
  "content-length": String(Buffer.byteLength(TEXT)),
  "retry-after": String(RETRY_AFTER_S),
};

/**
 * Refuses requests that there is no time for, at the cost of next to nothing. A client that asks again at once costs as
 * much again: where there are many of them, their connections are not read for as long as they were told to wait.
 */
export class BusySign {
  readonly #clock: () => number;
  #second = 0;
  #refused = 0;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Answers 503. The request's body has been read. */
  show(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(503, HEADERS).end(TEXT);
    const second = Math.floor(this.#clock() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#refused = 0;
    }
    this.#refused += 1;
    if (this.#refused > FREE_A_SECOND) restUnread(request.socket);
  }
}

function restUnread(socket: Socket): void {
  if (socket.destroyed || socket.isPaused()) return;
  socket.pause();
  setTimeout(() => socket.resume(), RETRY_AFTER_S * 1_000).unref();
}
