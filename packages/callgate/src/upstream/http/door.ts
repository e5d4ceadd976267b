import type { IncomingHttpHeaders } from "node:http";
import { buildConnector, type Dispatcher, Pool } from "undici";
import { DefinitionError } from "../../define/definition-error.ts";
import type { Stop } from "../../define/stop.ts";
import { guardedConnector } from "../../outbound/guarded-connector.ts";
import { FairShare } from "../fair-share.ts";
import { tooLate, unreachable } from "../session/reply.ts";
import { Exchange, type HttpReply } from "./exchange.ts";

export interface DoorOptions {
  readonly name: string;
  readonly url: string;
  /** Sockets at the same time. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long a server may take until it begins to answer. */
  readonly headersTimeoutMs: number;
  /** Bytes of one message from it. */
  readonly maxMessageBytes: number;
}

export interface HttpRequest {
  readonly method: "POST" | "GET" | "DELETE";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: Stop;
  /** How long the answer may be silent once it has begun; 0: for ever. */
  readonly idleMs: number;
  /** The head of the answer, before anything of what follows it. */
  readonly onHead?: (status: number, headers: IncomingHttpHeaders) => void;
  /** Each message of an event stream, as it comes. True: it is the last that anybody waits for. */
  readonly onMessage: (data: Buffer) => boolean;
}

/** The one address of a server over HTTP, with a pool of sockets. Redirects are answers like any other: nothing follows them. */
export class Door {
  readonly #options: DoorOptions;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #share = new FairShare();
  readonly #closing = new AbortController();

  constructor(options: DoorOptions) {
    const url = parseAddress(options);
    this.#options = options;
    this.#path = `${url.pathname}${url.search}`;
    this.#headers = { accept: "application/json, text/event-stream" };
    this.#pool = new Pool(url.origin, {
      connections: options.connections,
      pipelining: 1,
      allowH2: false,
      connect: guardedConnector("config", {
        build: buildConnector,
        timeoutMs: options.connectTimeoutMs,
        closing: this.#closing.signal,
      }),
      headersTimeout: options.headersTimeoutMs,
    });
  }

  /** Resolves with the whole answer; of an event stream once it has ended. Rejects with an `UpstreamError`. */
  send(request: HttpRequest): Promise<HttpReply> {
    const { name, maxMessageBytes } = this.#options;
    const { method, headers, body, signal, idleMs, onMessage, onHead } = request;
    if (this.#closing.signal.aborted) return Promise.reject(unreachable(name, false, { what: "is no longer asked" }));
    if (signal.aborted) return Promise.reject(tooLate(name, signal));
    return new Promise((resolve, reject) => {
      const share = this.#share;
      const exchange = new Exchange({ name, signal, maxMessageBytes, share, onMessage, onHead, resolve, reject });
      const dispatched: Dispatcher.DispatchOptions = {
        path: this.#path,
        method,
        headers: { ...this.#headers, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        body: body ?? null,
        bodyTimeout: idleMs,
      };
      this.#pool.dispatch(dispatched, exchange);
    });
  }

  async close(): Promise<void> {
    const destroyed = this.#pool.destroy();
    this.#closing.abort();
    this.#share.end();
    await destroyed;
  }
}

function parseAddress({ name, url: text }: DoorOptions): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const place = { domain: name };
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new DefinitionError(
      place,
      `"${text.slice(0, 80)}" is no address of an MCP server.`,
      "Give one that begins with https:// or http://.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new DefinitionError(
      place,
      "The address has a credential in it.",
      "Take it out, and give it as `credential`, by reference.",
    );
  }
  return url;
}
