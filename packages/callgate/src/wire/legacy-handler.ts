import type { ErrorAnswer, Presented, TransportKind } from "./exchange.ts";

/** A request of a 2025 client over HTTP, after Host, Origin, size and strict parsing have been judged. */
export interface LegacyRequest {
  readonly httpMethod: "GET" | "POST" | "DELETE";
  /** The body as parsed; undefined for GET and DELETE. Never a batch. */
  readonly body: unknown;
  readonly bytes: number;
  /** The domain whose endpoint was called; undefined for the whole gate. */
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  readonly reply: LegacyReply;
}

/**
 * The way back for one HTTP request: a plain answer, or an event stream from the first message before it on. `text` is
 * one JSON-RPC message. Nothing is sent to a client that has gone.
 */
export interface LegacyReply {
  readonly accepts: { readonly json: boolean; readonly stream: boolean };
  /** False once it has ended, or the client has gone. */
  readonly open: boolean;
  /** Resolves once it is over, whoever ended it. */
  readonly closed: Promise<void>;
  /** Begins the event stream now, before there is anything to say. */
  startStream(): void;
  /** Sends a message before the answer. False where the client has gone, takes no streams, or does not read. */
  send(text: string): boolean;
  /** Sends the last message and ends; `head` counts where no stream has begun. */
  conclude(text: string, head?: Pick<ErrorAnswer, "httpStatus" | "httpHeaders">): void;
  /** Ends with a status and nothing else. */
  acknowledge(httpStatus: 202 | 204): void;
  /** Ends without an answer. */
  end(): void;
}

/** The gate's end of a channel that a 2025 client talks on: stdio, or memory. */
export interface LegacyChannel {
  readonly transport: TransportKind;
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  /** Sends one JSON-RPC message, as JSON text without line breaks. */
  readonly send: (text: string) => void;
}

/** One 2025 client on a channel, from its first message to the channel's end. */
export interface LegacyConversation {
  /** Takes one message, already strictly parsed. Faults are answered on the channel, never thrown. */
  receive(message: unknown, bytes: number): void;
  /** Lets calls finish for `graceMs`, then cancels them. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

/** What serves clients of the 2025 revisions. Loaded when the first such client comes. */
export interface LegacyHandler {
  handle(request: LegacyRequest): Promise<void>;
  converse(channel: LegacyChannel): LegacyConversation;
  /** Takes no more calls and ends open streams; lets calls finish for `graceMs`, then ends every session. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

export type LegacyLoader = () => Promise<LegacyHandler>;
