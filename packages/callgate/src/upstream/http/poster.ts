import type { CallLog } from "../../define/context.ts";
import type { MaybePromise } from "../../define/maybe-promise.ts";
import { type Stop, toSignal } from "../../define/stop.ts";
import type { Subject } from "../../define/subject.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { CredentialUse, UpstreamCredential } from "../credential.ts";
import type { Said } from "../session/link.ts";
import { readMessage } from "../session/read-message.ts";
import { gaveUp, nonsense, readAnswer, tooLate, unreachable } from "../session/reply.ts";
import { waitFor } from "../session/wait-for.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { Door, HttpRequest } from "./door.ts";
import type { HttpReply } from "./exchange.ts";
import { notAnAnswer, refusalOf } from "./refusal.ts";

export interface Posted {
  readonly id: number;
  readonly message: JsonObject;
  readonly subject: Subject;
  readonly signal: Stop;
  readonly headers: Readonly<Record<string, string>>;
  readonly idleMs: number;
  readonly during: (said: Said) => void;
  readonly onHead?: HttpRequest["onHead"];
  /** Judges an answer before all else, e.g. that the session is over. */
  readonly judge?: (reply: HttpReply) => UpstreamError | undefined;
  /** Where a stream ended without the answer, tells how to go on listening for it. */
  readonly resume?: (reply: HttpReply, onMessage: HttpRequest["onMessage"]) => Promise<void>;
}

export interface PosterOptions {
  readonly name: string;
  readonly door: Door;
  readonly credential: UpstreamCredential | undefined;
  readonly log: CallLog;
}

type Settle = (outcome: JsonObject | UpstreamError) => void;

interface Concluding {
  readonly take: HttpRequest["onMessage"];
  readonly settle: Settle;
  readonly fail: (error: unknown) => void;
}

/** Sends requests by POST, each with the gate's own credential, and finds its answer in what comes back. */
export class Poster {
  readonly #options: PosterOptions;

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  /** The result of a JSON-RPC request. */
  post(posted: Posted): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const state = { isSettled: false };
      const settle = (outcome: JsonObject | UpstreamError): void => {
        state.isSettled = true;
        if (outcome instanceof UpstreamError) reject(outcome);
        else resolve(outcome);
      };
      const take = (data: Buffer): boolean => this.#take(data, posted, settle);
      const fail = (error: unknown): void => settle(error instanceof UpstreamError ? error : this.#broke(error));
      this.#exchange(posted, take)
        .then((reply) => {
          if (!state.isSettled) this.#conclude(reply, posted, { take, settle, fail });
        })
        .catch(fail);
    });
  }

  /** One HTTP request with the credential; once more where that was refused, or too narrow, and another is there by now. */
  send(request: HttpRequest, subject: Subject, tool?: string): Promise<HttpReply> {
    const { credential, door } = this.#options;
    return credential === undefined ? door.send(request) : this.#sendWith(credential, request, { subject, tool });
  }

  async #sendWith(
    credential: UpstreamCredential,
    request: HttpRequest,
    { subject, tool }: { readonly subject: Subject; readonly tool: string | undefined },
  ): Promise<HttpReply> {
    const { name, door } = this.#options;
    const use: CredentialUse = {
      subject,
      get signal() {
        return toSignal(request.signal);
      },
      ...(tool !== undefined && { tool }),
    };
    for (let refusals: Set<number> | undefined; ; ) {
      const own = await this.#inTime(request, () => credential.headers(use)).catch((error: unknown) => {
        if (error instanceof UpstreamError) throw error;
        throw new UpstreamError({ kind: "unauthorized", status: 401 }, `There is no credential for ${name}.`, {
          cause: error,
        });
      });
      const reply = await door.send({ ...request, headers: { ...request.headers, ...own } });
      if ((reply.status !== 401 && reply.status !== 403) || refusals?.has(reply.status) === true) return reply;
      if (!(await this.#inTime(request, () => hasAnother(credential, { use, own, reply })))) return reply;
      refusals = (refusals ?? new Set()).add(reply.status);
    }
  }

  /** Where a request's time is over before what is asked of its credential is there, that is what is told. */
  async #inTime<Value>({ signal }: HttpRequest, ask: () => MaybePromise<Value>): Promise<Value> {
    const late = (): UpstreamError => tooLate(this.#options.name, signal);
    if (signal.aborted) throw late();
    const asked = ask();
    if (!(asked instanceof Promise)) return asked;
    return waitFor(asked, signal, late);
  }

  #exchange(
    { message, headers, idleMs, subject, signal, onHead }: Posted,
    onMessage: HttpRequest["onMessage"],
  ): Promise<HttpReply> {
    const body = JSON.stringify(message);
    const head = onHead === undefined ? {} : { onHead };
    return this.send({ method: "POST", headers, body, idleMs, signal, onMessage, ...head }, subject, toolOf(message));
  }

  /** True for what nothing more is waited for after. */
  #take(data: Buffer, { id, message: asked, during }: Posted, settle: Settle): boolean {
    const { name, log } = this.#options;
    const message = readMessage(data);
    if ((message.kind === "response" || message.kind === "faulty") && message.id !== id) {
      log.debug("an upstream answers what nobody waits for", { upstream: name });
      return false;
    }
    if (message.kind === "said") {
      during(message.said);
      return false;
    }
    // Promises settle once: what is answered twice is answered by the first.
    settle(
      message.kind === "none"
        ? nonsense(name, `answers what is ${message.fault}`)
        : readAnswer(name, message, asked["method"]),
    );
    return true;
  }

  #conclude(reply: HttpReply, posted: Posted, { take, settle, fail }: Concluding): void {
    const { name } = this.#options;
    const judged = posted.judge?.(reply);
    if (judged !== undefined) return settle(judged);
    if (reply.status >= 300) return settle(refusalOf(name, reply, posted.id));
    if (reply.stream === undefined) {
      if (reply.contentType !== "application/json") return settle(notAnAnswer(name, reply));
      if (take(reply.body)) return;
      return settle(nonsense(name, "answers another request than was sent"));
    }
    const end = (): void => settle(unreachable(name, true, { what: "ended its stream without an answer" }));
    if (posted.resume === undefined) return end();
    // Without effect where going on has brought the answer.
    posted.resume(reply, take).then(end, (error: unknown) => fail(this.#cutOff(error, posted)));
  }

  /** Whatever keeps the rest of a stream from being heard, its request has arrived. */
  #cutOff(error: unknown, { signal }: Posted): UpstreamError {
    if (signal.aborted) return gaveUp(this.#options.name, signal);
    if (error instanceof UpstreamError && error.fault.kind === "timeout") return error;
    return unreachable(this.#options.name, true, {
      what: "ended its stream, and could not be heard further",
      cause: error,
    });
  }

  #broke(cause: unknown): UpstreamError {
    return unreachable(this.#options.name, true, { what: "could not be heard", cause });
  }
}

/** The tool that a request calls, by the server's own name. */
function toolOf({ method, params }: JsonObject): string | undefined {
  const name =
    method === "tools/call" && typeof params === "object" ? (params as JsonObject | null)?.["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

interface Refused {
  readonly use: CredentialUse;
  /** What was shown. */
  readonly own: Readonly<Record<string, string>>;
  readonly reply: HttpReply;
}

async function hasAnother(credential: UpstreamCredential, { use, own, reply }: Refused): Promise<boolean> {
  const { status, headers } = reply;
  const challenge = headers["www-authenticate"];
  if (status === 401) return credential.refused(use, own, challenge);
  if (status !== 403 || challenge?.includes("insufficient_scope") !== true) return false;
  return (await credential.lacks?.(use, own, challenge)) ?? false;
}
