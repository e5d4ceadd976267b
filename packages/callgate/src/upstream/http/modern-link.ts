import type { JsonObject } from "../../wire/exchange.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { isOldServer, takesThisRevision } from "../session/era.ts";
import type { Link, Question } from "../session/link.ts";
import { forgotten } from "../session/reply.ts";
import { withToken } from "../session/with-token.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { HttpReply } from "./exchange.ts";
import type { Poster } from "./poster.ts";
import { saysOld } from "./unread-refusal.ts";

export interface ModernLinkOptions {
  readonly name: string;
  readonly poster: Poster;
  readonly idleMs: number;
  /** The server is not reached any more, or another one has come in its place: its era is to be looked at anew. */
  readonly onEnd: (error: UpstreamError) => void;
}

/** With these an old server answers what it does not understand; whether it has done something, they do not tell. */
const notUnderstood: ReadonlySet<number | undefined> = new Set([400, 404, 405]);

/** Streamable HTTP of MCP 2026-07-28: every request stands alone, and is cancelled by closing its answer. */
export class ModernLink implements Link {
  readonly #options: ModernLinkOptions;
  #lastId = 0;
  #isAgreed = false;

  constructor(options: ModernLinkOptions) {
    this.#options = options;
  }

  async ask({ method, params, subject, signal, during, headers = {} }: Question): Promise<JsonObject> {
    const { poster, idleMs } = this.#options;
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
        judge: (reply) => this.#judge(reply),
      });
    } catch (error) {
      throw error instanceof UpstreamError ? this.#look(error, method) : error;
    }
  }

  tell(): Promise<void> {
    return Promise.reject(new Error("a server of this revision is told nothing beside requests"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The revision is found to be spoken: who does not understand it from here on has come in the server's place. */
  agree(): void {
    this.#isAgreed = true;
  }

  #judge(reply: HttpReply): UpstreamError | undefined {
    return this.#isAgreed && saysOld(reply) ? this.#replaced() : undefined;
  }

  /** What is told of an error, which may be the end of the session. */
  #look(error: UpstreamError, method: string): UpstreamError {
    const { fault } = error;
    if (fault.kind === "unreachable" && !fault.sent) this.#options.onEnd(error);
    if (!this.#isAgreed || takesThisRevision(error)) return error;
    const isRevision = fault.kind === "refused" && fault.code === rpcCode.unsupportedVersion;
    if (isRevision || (method === "server/discover" && isOldServer(error))) return this.#replaced();
    if (fault.kind === "nonsense" && notUnderstood.has(fault.status)) this.#replaced();
    return error;
  }

  #replaced(): UpstreamError {
    const error = forgotten(this.#options.name, "does not speak the revision any more that it has spoken");
    this.#options.onEnd(error);
    return error;
  }
}
