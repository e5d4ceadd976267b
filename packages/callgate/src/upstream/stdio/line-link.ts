import type { CallLog } from "../../define/context.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { InFlight } from "../../wire/in-flight.ts";
import { isJsonObject, type NotificationFrame } from "../../wire/json-rpc.ts";
import { metaKey } from "../../wire/revisions/2026-07-28/revision.ts";
import type { Link, LinkEvents, Question } from "../session/link.ts";
import { type Message, readMessage } from "../session/read-message.ts";
import { gaveUp, nonsense, readAnswer, tooLate, unreachable } from "../session/reply.ts";
import { withToken } from "../session/with-token.ts";
import { UpstreamError } from "../upstream-error.ts";
import { Child, type ChildOptions } from "./child.ts";
import { LogWindow } from "./log-window.ts";

interface Pending {
  readonly question: Question;
  readonly settle: (outcome: JsonObject | UpstreamError) => void;
}

/** Requests that were given up, and whose answers are told of still. */
const MOST_GIVEN_UP = 256;
/** No banner has so many lines within a second; who goes on with what is no message is ended. */
const MOST_FAULTS = 1_000;
const FAULTS_MS = 1_000;

/**
 * A child's standard streams as a way to it: one message a line, requests told apart by their ids. Lines that are no message
 * are borne and logged, so long as they are few.
 */
export class LineLink implements Link {
  readonly #name: string;
  readonly #log: CallLog;
  readonly #events: LinkEvents;
  readonly #child: Child;
  readonly #pending = new InFlight<Pending>();
  readonly #givenUp = new Map<number, () => void>();
  readonly #loggedFaults: LogWindow;
  readonly #loggedLate: LogWindow;
  /** Without a message between them, since then. */
  #faults = 0;
  #faultsSince = 0;
  #lastId = 0;
  #end: string | undefined;

  constructor(options: ChildOptions, events: LinkEvents) {
    const { name, log } = options;
    this.#name = name;
    this.#log = log;
    this.#events = events;
    this.#loggedFaults = new LogWindow((lines) =>
      log.warn("an upstream said more that is no message than is logged", { upstream: name, lines }),
    );
    this.#loggedLate = new LogWindow((answers) =>
      log.debug("an upstream gave more answers that nobody waits for than are logged", { upstream: name, answers }),
    );
    this.#child = new Child(options, {
      line: (line) => this.#take(readMessage(line)),
      ended: (why) => this.#finish(why),
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  ask(question: Question): Promise<JsonObject> {
    const { method, params, signal, onLate } = question;
    if (signal.aborted) return Promise.reject(tooLate(this.#name, signal));
    if (this.#end !== undefined) return Promise.reject(unreachable(this.#name, false, { what: this.#end }));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle: Pending["settle"] = (outcome) => {
        this.#pending.delete(id);
        signal.removeEventListener("abort", cancel);
        if (outcome instanceof UpstreamError) reject(outcome);
        else resolve(outcome);
      };
      const cancel = (): void => {
        settle(gaveUp(this.#name, signal));
        if (onLate !== undefined && this.#givenUp.size < MOST_GIVEN_UP) this.#givenUp.set(id, onLate);
        // The handshake is the one request that may not be cancelled.
        if (method === "initialize") return;
        this.#send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id, reason: "gave up" } });
      };
      this.#pending.set(id, { question, settle });
      signal.addEventListener("abort", cancel, { once: true });
      if (this.#send({ jsonrpc: "2.0", id, method, params: withToken(params, id) })) return;
      settle(new UpstreamError({ kind: "busy", retryAfterMs: 1_000 }, `${this.#name} does not read what it is sent.`));
    });
  }

  tell(message: JsonObject): Promise<void> {
    this.#send(message);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#child.close();
  }

  #send(message: JsonObject): boolean {
    return this.#child.write(JSON.stringify(message));
  }

  #take(message: Message): void {
    if (message.kind !== "none") this.#faults = 0;
    switch (message.kind) {
      case "response":
      case "faulty": {
        // Answers that are late, given twice, or to nothing that was asked: nobody waits for them.
        const pending = typeof message.id === "number" ? this.#pending.get(message.id) : undefined;
        pending?.settle(readAnswer(this.#name, message, pending.question.method));
        if (pending === undefined) this.#late(message.id);
        return;
      }
      case "said": {
        const { said } = message;
        const asker = said.kind === "notification" ? this.#askerOf(said) : undefined;
        if (asker === undefined) this.#events.aside(said);
        else asker.during(said);
        return;
      }
      case "none":
        this.#noMessage(message.fault);
    }
  }

  /** Some print their banner to stdout. What it says is in nobody's answer. */
  #noMessage(fault: string): void {
    const upstream = this.#name;
    if (this.#loggedFaults.takes()) this.#log.warn("an upstream says what is no message", { upstream, fault });
    const now = performance.now();
    if (this.#faults === 0 || now - this.#faultsSince > FAULTS_MS) {
      this.#faults = 0;
      this.#faultsSince = now;
    }
    this.#faults += 1;
    if (this.#faults < MOST_FAULTS) return;
    this.#finish(`said what is no message ${MOST_FAULTS} times in a row`);
    void this.close();
  }

  #late(id: unknown): void {
    if (this.#loggedLate.takes())
      this.#log.debug("an upstream answers what nobody waits for", { upstream: this.#name });
    if (typeof id !== "number") return;
    this.#givenUp.get(id)?.();
    this.#givenUp.delete(id);
  }

  #askerOf({ method, params }: NotificationFrame): Question | undefined {
    const meta = params?.["_meta"];
    const id = method === "notifications/progress" ? params?.["progressToken"] : subscriptionOf(meta);
    return id === undefined ? undefined : this.#pending.get(Number(id))?.question;
  }

  /** The first reason is the one that counts. */
  #finish(why: string): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    for (const window of [this.#loggedFaults, this.#loggedLate]) window.end();
    for (const { settle } of this.#pending.values()) settle(unreachable(this.#name, true, { what: why }));
    this.#events.ended(
      why.startsWith("said") ? nonsense(this.#name, why) : unreachable(this.#name, true, { what: why }),
    );
  }
}

/** The request on whose behalf a server tells of a change. */
function subscriptionOf(meta: unknown): unknown {
  return isJsonObject(meta) ? meta[metaKey.subscriptionId] : undefined;
}
