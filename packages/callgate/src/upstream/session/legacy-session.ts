import type { CallLog } from "../../define/context.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject, type RequestFrame } from "../../wire/json-rpc.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import type { Discovery, RequestOptions, UpstreamAnswer, UpstreamChange, UpstreamMethod } from "../connection.ts";
import { UpstreamError } from "../upstream-error.ts";
import { isAskable } from "./askable.ts";
import { changeOf } from "./change-of.ts";
import { Following } from "./following.ts";
import { HeldCalls } from "./held-calls.ts";
import { type AskedByServer, declineFor, LegacyCall } from "./legacy-call.ts";
import type { Handshake } from "./legacy-handshake.ts";
import type { Link, Said } from "./link.ts";
import { listAll, ofTheGate } from "./list-all.ts";
import { OnlyCall } from "./only-call.ts";
import type { Session } from "./session.ts";
import { Subscriptions } from "./subscriptions.ts";
import { TaskTools } from "./task-tools.ts";
import { tellsOfResources } from "./tells-of-resources.ts";
import { WhoAsks } from "./who-asks.ts";

export interface LegacySessionOptions {
  readonly name: string;
  readonly link: Link;
  readonly handshake: Handshake;
  readonly onChange: (change: UpstreamChange) => void;
  readonly log: CallLog;
  /** What it hears where it asks for roots, and nothing tells on behalf of which call. */
  readonly roots: "of_the_only_call" | "none";
}

/**
 * A session with an old server, for all callers: what it asks while it works becomes a round with the one caller whose
 * call it is; MCP 2025-11-25.
 */
export class LegacySession implements Session {
  readonly #options: LegacySessionOptions;
  readonly #held: HeldCalls;
  readonly #tools: TaskTools;
  readonly #whoAsks = new WhoAsks();
  readonly #closing = new AbortController();
  readonly #following: Following;
  readonly #only = new OnlyCall<LegacyCall>();
  #toldRoots = false;

  constructor(options: LegacySessionOptions) {
    this.#options = options;
    const { name, link, handshake } = options;
    this.#held = new HeldCalls(name);
    this.#tools = new TaskTools({ name, link, capabilities: handshake.capabilities });
    const subscriptions = new Subscriptions(options);
    this.#following = new Following({ tell: (uris) => subscriptions.tell(uris), signal: this.#closing.signal });
  }

  /** Its questions could not be told apart, and nobody waits for a call of it. */
  get isSpent(): boolean {
    return this.#whoAsks.isSpent;
  }

  /** Says that the session may be used, and that all is to be heard: the gate leaves out what its client does not want. */
  async begin(signal: AbortSignal): Promise<void> {
    const { link, handshake } = this.#options;
    await link.tell({ jsonrpc: "2.0", method: "notifications/initialized" }, signal);
    if (!("logging" in handshake.capabilities)) return;
    // A server that refuses says what it says.
    await this.#ask("logging/setLevel", { level: "debug" }, signal).catch(() => {});
  }

  async discover(signal: AbortSignal): Promise<Discovery> {
    const { name, handshake } = this.#options;
    const { revision, server, instructions, capabilities } = handshake;
    const ask = (method: string, params: JsonObject): Promise<JsonObject> => this.#ask(method, params, signal);
    return { revision, server, instructions, ...(await listAll({ name, capabilities, signal, ask })) };
  }

  async request(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<UpstreamAnswer> {
    const call = options.state === undefined ? this.#begin(method, params, options) : this.#held.take(options);
    const answer = await call.round(options);
    return answer.kind === "result" ? answer : { ...answer, state: this.#held.hold(call) };
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.#ask("ping", {}, signal);
  }

  /** What the server says beside every request, or of one that its transport cannot tell. */
  aside(said: Said): void {
    if (said.kind === "request") return this.#asked(said, undefined);
    if (said.method === "notifications/cancelled") return this.#whoAsks.withdraw(said.params?.["requestId"]);
    const change = changeOf(said);
    if (change?.kind === "tools") this.#tools.forget();
    if (change !== undefined) return this.#options.onChange(change);
    this.#only.current?.hear(said);
  }

  async follow(uris: ReadonlySet<string>): Promise<void> {
    if (tellsOfResources(this.#options.handshake.capabilities)) await this.#following.follow(uris);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the session is closed"));
    this.#held.clear();
    this.#whoAsks.clear();
    await this.#options.link.close();
  }

  #begin(method: UpstreamMethod, params: JsonObject, options: RequestOptions): LegacyCall {
    const { name, link } = this.#options;
    const call = new LegacyCall(name, options);
    this.#only.begin(call);
    if (this.#toldRoots && this.#only.isShared) this.#forgetRoots();
    this.#whoAsks.begin(call);
    const during = (said: Said): void => {
      if (said.kind === "request") this.#asked(said, call);
      else call.hear(said);
    };
    const { subject, trace } = options;
    const onLate = (): void => this.#whoAsks.end(call);
    const question = {
      method,
      params: withTrace(params, trace.traceparent),
      subject,
      signal: call.signal,
      during,
      onLate,
    };
    const ended = method === "tools/call" ? this.#tools.call(question) : link.ask(question);
    ended.then(
      (result) => {
        call.settle({ result });
        this.#only.end(call);
        this.#whoAsks.end(call);
      },
      (error: unknown) => {
        call.settle({ error });
        this.#only.end(call);
        if (mayGoOn(error)) this.#whoAsks.giveUp(call);
        else this.#whoAsks.end(call);
      },
    );
    return call;
  }

  #asked(request: RequestFrame, call: LegacyCall | undefined): void {
    const asked = this.#answerable(request);
    if (request.method === "ping") return asked.answer({});
    if (!isAskable(request.method)) return asked.refuse("Method not found.");
    if (call !== undefined) call.ask(asked);
    else if (request.method === "roots/list") this.#askedForRoots(asked);
    else if (this.#whoAsks.ask(asked) === undefined) declineFor(asked);
  }

  /** Roots are the session's, which is all callers': those of one are told where no other has used it, and it is wanted. */
  #askedForRoots(asked: AskedByServer): void {
    const call = this.#options.roots === "of_the_only_call" ? this.#only.current : undefined;
    if (call === undefined) return declineFor(asked);
    this.#toldRoots = true;
    call.ask(asked);
  }

  /** The server asks again, and finds that there are none. */
  #forgetRoots(): void {
    this.#toldRoots = false;
    this.#options.link.tell({ jsonrpc: "2.0", method: "notifications/roots/list_changed" }).catch(() => {});
  }

  #answerable({ id, ...request }: RequestFrame): AskedByServer {
    const { link } = this.#options;
    const tell = (member: JsonObject): void => {
      // A session that breaks over it is told of by its link.
      link.tell({ jsonrpc: "2.0", id, ...member }).catch(() => {});
    };
    const code = isAskable(request.method) ? rpcCode.invalidRequest : rpcCode.methodNotFound;
    return {
      request: { id, ...request },
      answer: (result) => tell({ result }),
      refuse: (message) => tell({ error: { code, message } }),
    };
  }

  #ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    return this.#options.link.ask({ ...ofTheGate, method, params, signal });
  }
}

/** Whether the server may still be at a request that has come to this: it has not answered, and may have got it. */
function mayGoOn(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return true;
  const { fault } = error;
  if (fault.kind === "unreachable") return fault.sent;
  if (fault.kind === "busy") return fault.mayBeDone === true;
  if (fault.kind === "timeout") return fault.isUnsent !== true;
  return fault.kind === "nonsense";
}

function withTrace(params: JsonObject, traceparent: string): JsonObject {
  const meta = params["_meta"];
  return { ...params, _meta: { ...(isJsonObject(meta) && meta), traceparent } };
}
