import { setImmediate as nextTurn } from "node:timers/promises";
import { maskedText } from "../../audit/mask.ts";
import type { CallContext } from "../../define/context.ts";
import { type InputRequired, inputRequired } from "../../define/input-required.ts";
import { type Stop, type Stopping, stopOf } from "../../define/stop.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { toCallError } from "../call-errors.ts";
import type { RequestOptions, UpstreamConnection, UpstreamMethod } from "../connection.ts";
import { UpstreamError } from "../upstream-error.ts";
import { inItsName } from "./in-its-name.ts";
import { toMissingCapability } from "./missing-capability.ts";
import { OnTheWay } from "./on-the-way.ts";
import { shownMeta } from "./shown-meta.ts";

/** Who asks: a call on its way through the gate. */
type Asking = Omit<RequestOptions, "signal"> & Pick<CallContext<unknown>, "clientMeta" | "signal"> & Partial<Stopping>;

/** What is asked, and of which of the server's things. */
export interface Request {
  readonly method: UpstreamMethod;
  readonly params: JsonObject;
  /** A tool that changes something. */
  readonly isWrite?: boolean;
  /** It only says what a write would do. */
  readonly isPreview?: boolean;
}

export interface ServerHandleOptions {
  readonly access: "read" | "write";
  /** Members of a client's `_meta` that the config has the server shown; undefined where it says nothing of that. */
  readonly namedMeta: readonly string[] | undefined;
}

/** A server as the domain's tools reach it: for reading alone, or for writing too. */
export class ServerHandle {
  readonly #server: string;
  readonly #connection: UpstreamConnection;
  readonly #access: "read" | "write";
  readonly #namedMeta: readonly string[] | undefined;

  constructor(server: string, connection: UpstreamConnection, { access, namedMeta }: ServerHandleOptions) {
    this.#server = server;
    this.#connection = connection;
    this.#access = access;
    this.#namedMeta = namedMeta;
  }

  /** The server's result as it came, or what it wants to know of the client first. Rejects with `CallError`. */
  async request(
    { method, params, isWrite = false, isPreview = false }: Request,
    ctx: Asking,
  ): Promise<JsonObject | InputRequired> {
    if (isWrite) this.refuseWrite();
    const { subject, trace, inputResponses, state, canAsk, hears } = ctx;
    const onTheWay = new OnTheWay(this.#server, ctx);
    const { progress, say } = onTheWay;
    const signal = stopOf(ctx);
    const options = { subject, signal, trace, inputResponses, state, canAsk, progress, say, hears };
    const meta = shownMeta(ctx.clientMeta, { named: this.#namedMeta, isWrite: isWrite || isPreview });
    const whole = Object.keys(meta).length === 0 ? params : { ...params, _meta: meta };
    const send = () => this.#connection.request(method, whole, options);
    try {
      const answer = await (isWrite ? send() : send().catch((error) => againWhereCut(error, send, signal)));
      // A server that says what it was shown would give the gate's own credential to its callers.
      if (answer.kind === "result") return knownSecrets.maskIn(answer.result, maskedText);
      const requests = inItsName(this.#server, knownSecrets.maskIn(answer.requests, maskedText));
      return inputRequired({ requests, state: answer.state });
    } catch (error) {
      const missing = toMissingCapability(error, canAsk);
      if (missing !== undefined) return missing;
      throw error instanceof UpstreamError ? toCallError(error, this.#server) : error;
    } finally {
      onTheWay.end();
    }
  }

  /** Throws where this handle is for reading: a write never goes out by it. */
  refuseWrite(): void {
    if (this.#access === "read") throw new Error(`what reads ${this.#server} may call none of its writes`);
  }

  health(signal: AbortSignal): Promise<void> {
    return this.#connection.health(signal);
  }
}

/**
 * Once more where the connection broke before the answer: a server may close one that was idle just as a request is
 * written to it, and whoever only reads does not have to hear of that.
 */
async function againWhereCut<Value>(error: unknown, send: () => Promise<Value>, signal: Stop): Promise<Value> {
  const isCut = error instanceof UpstreamError && error.fault.kind === "unreachable" && error.fault.sent;
  if (!isCut || signal.aborted) throw error;
  // By the next turn of the event loop every other connection that was closed at the same time is known to be.
  await nextTurn();
  return send();
}
