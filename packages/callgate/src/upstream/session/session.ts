import type { JsonObject } from "../../wire/exchange.ts";
import type { Discovery, RequestOptions, UpstreamAnswer, UpstreamMethod } from "../connection.ts";

/** A conversation with one server, from the moment that its era is known until it breaks. */
export interface Session {
  /** Nothing is under way in it, and another one serves better: the next request begins that. */
  readonly isSpent: boolean;
  discover(signal: AbortSignal): Promise<Discovery>;
  request(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<UpstreamAnswer>;
  ping(signal: AbortSignal): Promise<void>;
  /** As of its connection. */
  follow(uris: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}
