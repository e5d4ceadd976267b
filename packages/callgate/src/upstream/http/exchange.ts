import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { Stop } from "../../define/stop.ts";
import type { FairShare } from "../fair-share.ts";
import { gaveUp, nonsense } from "../session/reply.ts";
import type { UpstreamError } from "../upstream-error.ts";
import { EventReader, type StreamPlace } from "./event-reader.ts";
import { transportError } from "./transport-error.ts";

/** How long a server may keep a stream open after the last message that anybody waits for. */
const LINGER_MS = 1_000;

/** How a server has answered: all at once, or by a stream of events that has ended. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Without parameters, in lower case. */
  readonly contentType: string;
  /** Empty where events came instead. */
  readonly body: Buffer;
  readonly stream: StreamPlace | undefined;
}

export interface ExchangeOptions {
  readonly name: string;
  readonly signal: Stop;
  readonly maxMessageBytes: number;
  readonly share: FairShare;
  readonly onMessage: (data: Buffer) => boolean;
  readonly onHead: ((status: number, headers: IncomingHttpHeaders) => void) | undefined;
  readonly resolve: (reply: HttpReply) => void;
  readonly reject: (error: UpstreamError) => void;
}

/** One request on a pool: collects its answer within bounds, and ends it when its signal aborts. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #events: EventReader | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isOver = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error("given up before it was sent"));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#options.onHead?.(status, headers);
    const { name, maxMessageBytes, onMessage } = this.#options;
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      return this.#fail(nonsense(name, "answers in an encoding that was not asked for"));
    }
    if (status < 300 && this.#contentType === "text/event-stream") {
      this.#events = new EventReader(maxMessageBytes, (data) => {
        if (!this.#isOver && onMessage(data)) this.#linger();
      });
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    const { name, maxMessageBytes, share } = this.#options;
    const events = this.#events;
    if (events !== undefined) return share.spend(() => this.#takeEvents(events, chunk), controller);
    this.#bytes += chunk.length;
    if (this.#bytes > maxMessageBytes) this.#fail(nonsense(name, `answers more than ${maxMessageBytes} bytes`));
    else this.#pieces.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    const [first, second] = this.#pieces;
    this.#options.resolve({
      status: this.#status,
      headers: this.#headers,
      contentType: this.#contentType,
      body: first !== undefined && second === undefined ? first : Buffer.concat(this.#pieces),
      stream: this.#events?.place,
    });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#finish()) return;
    const { name, reject } = this.#options;
    // Before a socket was there to write to, nothing can have arrived.
    reject(transportError(name, error, { sent: this.#controller !== undefined }));
  }

  #takeEvents(events: EventReader, chunk: Buffer): void {
    const { name, maxMessageBytes } = this.#options;
    if (!events.take(chunk)) this.#fail(nonsense(name, `answers more than ${maxMessageBytes} bytes at once`));
  }

  get #contentType(): string {
    const type = this.#headers["content-type"];
    return (typeof type === "string" ? type : "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  }

  readonly #abort = (): void => {
    const { name, signal } = this.#options;
    this.#fail(gaveUp(name, signal));
  };

  #fail(error: UpstreamError): void {
    if (!this.#finish()) return;
    this.#options.reject(error);
    this.#controller?.abort(error);
  }

  /** A stream that goes on after its answer says nothing to anybody, and holds a socket. */
  #linger(): void {
    this.#lingering ??= setTimeout(() => {
      this.#fail(nonsense(this.#options.name, "goes on after its answer"));
    }, LINGER_MS);
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    clearTimeout(this.#lingering);
    this.#isOver = true;
    this.#options.signal.removeEventListener("abort", this.#abort);
    return true;
  }
}
