import type { Stop } from "../../define/stop.ts";
import type { Subject } from "../../define/subject.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { NotificationFrame, RequestFrame } from "../../wire/json-rpc.ts";
import type { UpstreamError } from "../upstream-error.ts";

/** What a server says that is no answer: a notification, or a request of its own. */
export type Said = NotificationFrame | RequestFrame;

/** One request on its way to a server. */
export interface Question {
  readonly method: string;
  readonly params: JsonObject;
  /** For whom it is: its credential goes by that. */
  readonly subject: Subject;
  /** Aborting it cancels the request at the server too. */
  readonly signal: Stop;
  /** What the server says on this request's own way before its answer. */
  readonly during: (said: Said) => void;
  /** Told where the answer comes after the request was given up: the server is done with it. */
  readonly onLate?: () => void;
  /** Sent where the transport has headers; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The way to one server, whatever carries it: requests out, answers and what else it says back. */
export interface Link {
  /** Resolves with the result; rejects with an `UpstreamError`, which for a JSON-RPC error is of kind `refused`. */
  ask(question: Question): Promise<JsonObject>;
  /** Sends a notification, or the answer to a request of the server; the signal ends the trying, and else the link's end. */
  tell(message: JsonObject, signal?: Stop): Promise<void>;
  close(): Promise<void>;
}

/** What comes from a server that belongs to no request, as far as its transport can tell. */
export interface LinkEvents {
  aside(said: Said): void;
  /** Nothing comes any more; told once. */
  ended(error: UpstreamError): void;
}
