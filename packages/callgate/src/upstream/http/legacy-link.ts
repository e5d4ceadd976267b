import type { Stop } from "../../define/stop.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { gateItself } from "../gate-subject.ts";
import { isOldServer } from "../session/era.ts";
import type { Link, LinkEvents, Question } from "../session/link.ts";
import { pause } from "../session/pause.ts";
import { readMessage } from "../session/read-message.ts";
import { forgotten, gaveUp } from "../session/reply.ts";
import { withToken } from "../session/with-token.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { HttpRequest } from "./door.ts";
import type { HttpReply } from "./exchange.ts";
import type { Poster } from "./poster.ts";
import { refusalOf } from "./refusal.ts";
import { saysForgotten, saysModern } from "./unread-refusal.ts";

/** A call may wait for a form that a person fills in, and is silent until then. */
const IDLE_MS = 15 * 60_000;
const LAST_WORD_MS = 2_000;
const MOST_RESUMES = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A stream that lasted so long was well, and its end is no reason to wait. */
const STEADY_MS = 30_000;
const OTHER_REVISION = "does not speak the revision any more that was agreed on";

export interface LegacyLinkOptions {
  readonly name: string;
  readonly poster: Poster;
  readonly events: LinkEvents;
}

/** Streamable HTTP of MCP 2025-03-26 to 2025-11-25: a session, a POST a request, and a stream for what belongs to none. */
export class LegacyLink implements Link {
  readonly #options: LegacyLinkOptions;
  readonly #closing = new AbortController();
  #headers: Record<string, string> = {};
  #lastId = 0;
  #isOver = false;

  constructor(options: LegacyLinkOptions) {
    this.#options = options;
  }

  async ask(question: Question): Promise<JsonObject> {
    const { method, params, subject, signal, during } = question;
    const id = ++this.#lastId;
    const giveUp = (): void => this.#giveUp(question, id);
    if (method !== "initialize") signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await this.#options.poster.post({
        id,
        message: { jsonrpc: "2.0", id, method, params: method === "initialize" ? params : withToken(params, id) },
        subject,
        signal,
        headers: this.#headers,
        idleMs: IDLE_MS,
        during,
        judge: (reply) => this.#judge(reply),
        onHead: (status, { "mcp-session-id": session }) => {
          const begins = method === "initialize" && status < 300 && typeof session === "string";
          if (begins) this.#headers = { "mcp-session-id": session };
        },
        resume: (reply, onMessage) => this.#resume(reply, { signal, onMessage, subject }),
      });
    } catch (error) {
      if (error instanceof UpstreamError && error.fault.kind === "unreachable" && !error.fault.sent) this.#end(error);
      throw method === "ping" && refusesPing(error) ? this.#lost(OTHER_REVISION) : error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  async tell(message: JsonObject, signal: Stop = this.#closing.signal): Promise<void> {
    const { poster, name } = this.#options;
    const reply = await poster.send(
      {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(message),
        signal,
        idleMs: IDLE_MS,
        onMessage: () => false,
      },
      gateItself,
    );
    if (reply.status >= 300) throw this.#judge(reply) ?? refusalOf(name, reply, 0);
  }

  /** From here on messages name the revision that was agreed on. */
  agree(revision: string): void {
    this.#headers = { ...this.#headers, "mcp-protocol-version": revision };
  }

  /** Listens to what belongs to no request, for as long as the session lasts; servers need not offer it. */
  listen(): void {
    void this.#listen();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the session is closed"));
    if (this.#isOver || this.#headers["mcp-session-id"] === undefined) return;
    this.#isOver = true;
    const { poster } = this.#options;
    const request: HttpRequest = {
      method: "DELETE",
      headers: this.#headers,
      signal: AbortSignal.timeout(LAST_WORD_MS),
      idleMs: LAST_WORD_MS,
      onMessage: () => false,
    };
    // A courtesy: the server forgets the session sooner.
    await poster.send(request, gateItself).catch(() => {});
  }

  #judge(reply: HttpReply): UpstreamError | undefined {
    if (this.#isForgotten(reply)) return this.#lost("has forgotten the session");
    return this.#isAgreed && saysModern(reply) ? this.#lost(OTHER_REVISION) : undefined;
  }

  #lost(what: string): UpstreamError {
    const error = forgotten(this.#options.name, what);
    this.#end(error);
    return error;
  }

  get #isAgreed(): boolean {
    return this.#headers["mcp-protocol-version"] !== undefined;
  }

  /** 404 by the specification. What else is said may be said of work that was begun. */
  #isForgotten(reply: HttpReply): boolean {
    if (this.#headers["mcp-session-id"] === undefined) return false;
    return reply.status === 404 || saysForgotten(reply);
  }

  #giveUp({ signal }: Question, id: number): void {
    if (this.#isOver) return;
    const { reason } = signal as { reason?: unknown };
    const words = reason instanceof Error ? reason.message : "gave up";
    const cancelled = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id, reason: words } };
    // The stream is closed anyhow; a server that is away needs not be told.
    this.tell(cancelled).catch(() => {});
  }

  /** A server may end a stream and go on where the client takes it up; MCP 2025-11-25, "Resumability and Redelivery". */
  async #resume(
    reply: HttpReply,
    { signal, onMessage, subject }: Pick<HttpRequest, "signal" | "onMessage"> & Pick<Question, "subject">,
  ): Promise<void> {
    let place = reply.stream;
    const answer = { isThere: false };
    const watch = (data: Buffer): boolean => {
      answer.isThere ||= onMessage(data);
      return answer.isThere;
    };
    for (let attempt = 0; attempt < MOST_RESUMES; attempt++) {
      if (answer.isThere || place?.lastEventId === undefined) return;
      await pause(Math.min(place.retryMs ?? FIRST_PAUSE_MS, LONGEST_PAUSE_MS), signal);
      if (signal.aborted) throw gaveUp(this.#options.name, signal);
      const headers = { ...this.#headers, "last-event-id": place.lastEventId };
      const request: HttpRequest = { method: "GET", headers, signal, idleMs: IDLE_MS, onMessage: watch };
      const next = await this.#options.poster.send(request, subject);
      if (next.stream === undefined) return;
      // A stream that brought something is one that goes on.
      if (next.stream.lastEventId !== undefined && next.stream.lastEventId !== place.lastEventId) attempt = 0;
      place = { ...next.stream, lastEventId: next.stream.lastEventId ?? place.lastEventId };
    }
  }

  async #listen(): Promise<void> {
    const { poster, events } = this.#options;
    const { signal } = this.#closing;
    let lastEventId: string | undefined;
    let delay = FIRST_PAUSE_MS;
    const onMessage = (data: Buffer): boolean => {
      const message = readMessage(data);
      delay = FIRST_PAUSE_MS;
      if (message.kind === "said") events.aside(message.said);
      return false;
    };
    while (!signal.aborted && !this.#isOver) {
      const since = performance.now();
      const headers = { ...this.#headers, ...(lastEventId !== undefined && { "last-event-id": lastEventId }) };
      try {
        const reply = await poster.send({ method: "GET", headers, signal, idleMs: 0, onMessage }, gateItself);
        if (this.#judge(reply) !== undefined || reply.stream === undefined) return;
        lastEventId = reply.stream.lastEventId ?? lastEventId;
        if (performance.now() - since >= STEADY_MS) delay = FIRST_PAUSE_MS;
        delay = Math.max(reply.stream.retryMs ?? 0, delay);
      } catch (error) {
        if (error instanceof UpstreamError && error.fault.kind === "unreachable" && !error.fault.sent)
          return this.#end(error);
      }
      await pause(Math.min(delay, LONGEST_PAUSE_MS), signal);
      delay *= 2;
    }
  }

  #end(error: UpstreamError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closing.abort(error);
    this.#options.events.ended(error);
  }
}

/** Every old server takes a ping. One that does not know the method is odd, and the same as before. */
function refusesPing(error: unknown): boolean {
  if (!(error instanceof UpstreamError) || !isOldServer(error)) return false;
  return error.fault.kind !== "refused" || error.fault.code !== rpcCode.methodNotFound;
}
