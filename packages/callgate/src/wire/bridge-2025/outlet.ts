import type { RequestId } from "@modelcontextprotocol/server";
import type { ErrorAnswer, Presented } from "../exchange.ts";

/** A message of the client, with what is known of where it came from. */
export interface Arrival {
  readonly presented: Presented;
  readonly bytes: number;
}

/** The ways back to a 2025 client. `text` is one JSON-RPC message. */
export interface Outlet {
  /** Ends a request. `refusal` is the gate's own error where that is what is sent. */
  answer(id: RequestId, text: string, refusal: ErrorAnswer | undefined): void;
  /** Sends what belongs to a running request. False where nobody takes it any more. */
  during(id: RequestId, text: string): boolean;
  /** Sends what belongs to no request. */
  aside(text: string): void;
  /** The client has cancelled this request: it gets no answer. */
  abandon(id: RequestId): void;
}
