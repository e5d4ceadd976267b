import type { IncomingMessage, ServerResponse } from "node:http";
import type { Presented, TransportKind } from "./exchange.ts";

/** A request of a 2025 client over HTTP, after Host, Origin, size and strict parsing have been judged. */
export interface LegacyRequest {
  /** The body as parsed; undefined for GET and DELETE. Never a batch. */
  readonly body: unknown;
  readonly bytes: number;
  /** The domain whose endpoint was called; undefined for the whole gate. */
  readonly endpoint: string | undefined;
  readonly presented: Presented;
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
  handle(request: IncomingMessage, response: ServerResponse, parsed: LegacyRequest): Promise<void>;
  converse(channel: LegacyChannel): LegacyConversation;
  /** Takes no more calls, ends open streams and sessions; resolves once running calls are answered. */
  close(): Promise<void>;
}

export type LegacyLoader = () => Promise<LegacyHandler>;
