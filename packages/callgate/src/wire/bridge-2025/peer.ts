import {
  type JSONRPCMessage,
  type JSONRPCRequest,
  ProtocolError,
  type RequestId,
  type Result,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Answer, ErrorAnswer, Exchange, Host, JsonObject, TransportKind } from "../exchange.ts";
import { InFlight } from "../in-flight.ts";
import { toInternalError } from "../internal-error.ts";
import { isJsonObject } from "../json-rpc.ts";
import { encodeError } from "../revisions/2026-07-28/encode.ts";
import { paramsFault } from "../revisions/2026-07-28/params.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";
import { Changes } from "./changes.ts";
import { answerInRounds } from "./input-rounds.ts";
import type { Arrival, Outlet } from "./outlet.ts";
import { PeerTransport, PreparedResult } from "./peer-transport.ts";
import { requestMeta } from "./request-meta.ts";
import { bridgedRevisions } from "./revisions.ts";

/** People answer forms; the SDK's own minute is not enough for them. */
const askTimeoutMs = 10 * 60_000;
/** The id of a handshake that the bridge makes by itself, before the client may say anything. */
const ownHandshake = "callgate-handshake";
const mostRunning = 256;
/** Of calls that wait for the client's answers: people take minutes, and each call is held until then. */
const mostAskingBytes = 256 * 1024;
const defaultLogLevel = "info";
const noParams: JsonObject = Object.freeze({});
/** Methods of the host that exist in another form, or not at all, before 2026-07-28. */
const notBridged: ReadonlySet<string> = new Set(["server/discover", "subscriptions/listen"]);

export interface PeerOptions {
  readonly host: Host;
  readonly transport: TransportKind;
  readonly endpoint: string | undefined;
  readonly outlet: Outlet;
}

interface Running {
  readonly arrival: Arrival;
  refusal: ErrorAnswer | undefined;
}

/** The gate's side of one 2025 client: the official SDK speaks the protocol, the host answers what is asked. */
export class Peer {
  readonly changes: Changes;
  readonly #options: PeerOptions;
  readonly #server: Server;
  readonly #transport: PeerTransport;
  readonly #running = new InFlight<Running>();
  readonly #leaving = new AbortController();
  readonly #connected: Promise<void>;
  #askingBytes = 0;
  /** True once the SDK has found no sense in the message that it was given last. */
  #isOdd = false;
  #logLevel = defaultLogLevel;
  #onIdle: (() => void) | undefined;
  #onHandshake: ((text: string) => void) | undefined;
  /** Called once the client says that it is ready. */
  onReady: (() => void) | undefined;

  constructor(options: PeerOptions) {
    const { host, outlet } = options;
    const { name, title, version, instructions } = host.identity;
    // Extensions are of later revisions.
    const { extensions: _, ...capabilities } = host.identity.capabilities;
    this.#options = options;
    this.#server = new Server(
      { name, version, ...(title !== undefined && { title }) },
      {
        capabilities,
        ...(instructions !== undefined && { instructions }),
        supportedProtocolVersions: [...bridgedRevisions],
      },
    );
    this.changes = new Changes(host, ({ method, params }) => outlet.aside(toNotification(method, params)));
    this.#server.fallbackRequestHandler = (request, context) => this.#answer(request, context);
    if (capabilities["logging"] !== undefined) {
      this.#server.setRequestHandler("logging/setLevel", ({ params }) => {
        this.#logLevel = params.level;
        return {};
      });
    }
    this.#server.oninitialized = () => this.onReady?.();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's server is no event target
    this.#server.onerror = () => {
      this.#isOdd = true;
    };
    this.#transport = new PeerTransport({
      answer: (id, text) => this.#finish(id, text),
      during: (id, text) => outlet.during(id, text),
      aside: (text) => outlet.aside(text),
    });
    this.#connected = this.#server.connect(this.#transport);
  }

  /** Takes one message of the client, whose shape as JSON-RPC has been checked. */
  receive(message: JSONRPCMessage, arrival: Arrival): void {
    const isRequest = "method" in message && "id" in message;
    if (isRequest) this.#running.set(message.id, { arrival, refusal: undefined });
    this.#isOdd = false;
    this.#transport.receive(message);
    // The SDK answers nothing that is no request to it, and says so before it returns.
    if (isRequest && this.#isOdd) this.#finish(message.id, encodeError(message.id, noRequest));
    if ("method" in message && message.method === "notifications/cancelled") this.#abandon(message.params);
  }

  /** Why a request with this id cannot be taken now. */
  obstacleTo(id: RequestId): ErrorAnswer | undefined {
    if (this.#running.has(id)) return idInUse;
    return this.#running.size < mostRunning ? undefined : tooMany;
  }

  /** Makes the handshake in the client's place, and gives its result as JSON text; undefined where it is refused. */
  async initialize(params: JsonObject): Promise<string | undefined> {
    await this.#connected;
    const text = await new Promise<string>((resolve) => {
      this.#onHandshake = resolve;
      this.#transport.receive({ jsonrpc: "2.0", id: ownHandshake, method: "initialize", params });
    });
    const { result } = JSON.parse(text) as { result?: JsonObject };
    return result && JSON.stringify(result);
  }

  /** The revision agreed on; undefined before the handshake. */
  get revision(): string | undefined {
    return this.#server.getNegotiatedProtocolVersion();
  }

  /** A request of this client in neutral form. */
  exchange(method: string, params: JsonObject, from: Arrival & Partial<Pick<Exchange, "signal" | "notify">>): Exchange {
    const { transport, endpoint } = this.#options;
    return {
      method,
      params,
      meta: requestMeta(params, {
        info: this.#server.getClientVersion(),
        capabilities: this.#server.getClientCapabilities() ?? {},
        logLevel: this.#logLevel,
      }),
      revision: this.revision ?? "",
      transport,
      endpoint,
      presented: from.presented,
      inputBytes: from.bytes,
      signal: from.signal ?? this.#leaving.signal,
      paramHeaders: undefined,
      notify: from.notify ?? (() => {}),
    };
  }

  /** Asks the client nothing more; resolves once every request is answered, after `graceMs` at the latest. */
  async settle(graceMs: number): Promise<void> {
    this.#leaving.abort(new Error("the gate is about to stop"));
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async close(): Promise<void> {
    this.changes.stop();
    this.#leaving.abort(new Error("the session has ended"));
    await this.#server.close();
  }

  async #answer(request: JSONRPCRequest, context: ServerContext): Promise<Result> {
    const answer = await this.#ask(request, context).catch((error: unknown) =>
      toInternalError(this.#options.host, `${request.method} broke`, error),
    );
    if (answer.kind === "result") return toResult(answer);
    const running = this.#running.get(request.id);
    if (running !== undefined) running.refusal = answer;
    throw new ProtocolError(answer.code, answer.message, answer.data);
  }

  async #ask(request: JSONRPCRequest, context: ServerContext): Promise<Answer> {
    const { method } = request;
    const params = request.params ?? noParams;
    const running = this.#running.get(request.id);
    if (running === undefined || this.revision === undefined) return notInitialized;
    if (method === "resources/subscribe" || method === "resources/unsubscribe") return this.#watch(method, params);
    const { host, outlet } = this.#options;
    if (!host.methods.has(method) || notBridged.has(method)) {
      return rpcError(rpcCode.methodNotFound, `Method not found: ${method}`);
    }
    const fault = paramsFault(method, params);
    if (fault !== undefined) return rpcError(rpcCode.invalidParams, `Invalid params: ${fault}`);
    const exchange = this.exchange(method, params, {
      ...running.arrival,
      signal: context.mcpReq.signal,
      notify: (name, told) => void outlet.during(request.id, toNotification(name, told)),
    });
    return answerInRounds(host, exchange, (asked) =>
      this.#holding(exchange.inputBytes, () => this.#askClient(asked, context)),
    );
  }

  async #holding<Value>(bytes: number, work: () => Promise<Value>): Promise<Value> {
    if (this.#askingBytes + bytes > mostAskingBytes)
      throw new Error("too much waits for answers of this client already");
    this.#askingBytes += bytes;
    try {
      return await work();
    } finally {
      this.#askingBytes -= bytes;
    }
  }

  async #askClient(
    asked: { readonly method: string; readonly params?: JsonObject },
    { mcpReq }: ServerContext,
  ): Promise<JsonObject> {
    const { method, params } = asked;
    if (!isAskable(method)) throw new Error(`${method} is nothing to ask a client`);
    const signal = AbortSignal.any([mcpReq.signal, this.#leaving.signal]);
    const options = { timeout: askTimeoutMs, resetTimeoutOnProgress: true, signal };
    return (await mcpReq.send({ method, ...(params && { params }) }, options)) as JsonObject;
  }

  async #watch(method: string, { uri }: JsonObject): Promise<Answer> {
    if (typeof uri !== "string") return rpcError(rpcCode.invalidParams, "Invalid params: params.uri must be a string.");
    const refusal = await (method === "resources/subscribe" ? this.changes.watch(uri) : this.changes.unwatch(uri));
    return refusal ?? { kind: "result", members: "", resultType: "complete", cache: undefined, meta: undefined };
  }

  #finish(id: RequestId, text: string): void {
    if (id === ownHandshake && this.#onHandshake !== undefined) {
      this.#onHandshake(text);
      this.#onHandshake = undefined;
      return;
    }
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    this.#options.outlet.answer(id, text, running.refusal);
    if (this.#running.size === 0) this.#onIdle?.();
  }

  /** The SDK answers nothing that was cancelled. */
  #abandon({ requestId }: JsonObject = noParams): void {
    const id = requestId as RequestId;
    if (!this.#running.delete(id)) return;
    this.#options.outlet.abandon(id);
    if (this.#running.size === 0) this.#onIdle?.();
  }
}

function isAskable(method: string): method is "elicitation/create" | "sampling/createMessage" | "roots/list" {
  return method === "elicitation/create" || method === "sampling/createMessage" || method === "roots/list";
}

function toResult({ members, meta }: Extract<Answer, { kind: "result" }>): Result {
  const parts = [members, meta === undefined || meta === "" ? "" : `"_meta":{${meta}}`];
  return new PreparedResult(`{${parts.filter((part) => part !== "").join(",")}}`);
}

function toNotification(method: string, params: unknown): string {
  const told = isJsonObject(params) && Object.keys(params).length > 0 ? { params } : {};
  return JSON.stringify({ jsonrpc: "2.0", method, ...told });
}

const noRequest = rpcError(
  rpcCode.invalidRequest,
  "A request has jsonrpc, id, method and params, and nothing else; a progressToken is a string or an integer.",
);
const notInitialized = rpcError(rpcCode.invalidRequest, "Send initialize first.");
const idInUse = rpcError(rpcCode.invalidRequest, "A request with this id is still in flight.", { httpStatus: 400 });
const tooMany = rpcError(rpcCode.limited, "Too many requests in flight: wait for answers before asking more.", {
  httpStatus: 429,
  httpHeaders: { "retry-after": "1" },
});
