import type { JsonObject } from "../../wire/exchange.ts";
import type { Link, Question } from "../session/link.ts";
import { withToken } from "../session/with-token.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { Poster } from "./poster.ts";

export interface ModernLinkOptions {
  readonly poster: Poster;
  readonly idleMs: number;
  /** The server is not reached any more: its era is to be looked at anew. */
  readonly onAway: (error: UpstreamError) => void;
}

/** Streamable HTTP of MCP 2026-07-28: every request stands alone, and is cancelled by closing its answer. */
export class ModernLink implements Link {
  readonly #options: ModernLinkOptions;
  #lastId = 0;

  constructor(options: ModernLinkOptions) {
    this.#options = options;
  }

  async ask({ method, params, subject, signal, during, headers = {} }: Question): Promise<JsonObject> {
    const { poster, idleMs, onAway } = this.#options;
    const id = ++this.#lastId;
    const message = { jsonrpc: "2.0", id, method, params: withToken(params, id) };
    try {
      return await poster.post({
        id,
        message,
        subject,
        signal,
        headers,
        // A subscription is silent until something changes.
        idleMs: method === "subscriptions/listen" ? 0 : idleMs,
        during,
      });
    } catch (error) {
      if (error instanceof UpstreamError && error.fault.kind === "unreachable" && !error.fault.sent) onAway(error);
      throw error;
    }
  }

  tell(): Promise<void> {
    return Promise.reject(new Error("a server of this revision is told nothing beside requests"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
