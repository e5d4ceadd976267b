import type { Stop } from "../define/stop.ts";

/** A JSON object as it came over the wire. */
export type JsonObject = { readonly [key: string]: unknown };

/** How a client reached the gate. Behaviour never depends on it; the audit names it. */
export type TransportKind = "http" | "stdio" | "memory";

/** What a client presented of itself, before anybody judged it. Header names are lower case. */
export interface Presented {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
  /** True where the operating system vouches for the caller: stdio, or a gate within this process. */
  readonly local: boolean;
  header(name: string): string | undefined;
}

/** `_meta` of a request, read into plain fields; MCP 2026-07-28, "Request metadata". */
export interface RequestMeta {
  readonly clientInfo: { readonly name: string; readonly version: string } | undefined;
  readonly clientCapabilities: JsonObject;
  readonly logLevel: string | undefined;
  readonly progressToken: string | number | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly baggage: string | undefined;
  /** Everything in `_meta`, as sent. */
  readonly all: JsonObject;
}

/** One request of a client in neutral form: no transport and no revision shows but as a name for the audit. */
export interface Exchange {
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: RequestMeta;
  readonly revision: string;
  readonly transport: TransportKind;
  /** The domain whose endpoint was called (`/mcp/<domain>`); undefined for the whole gate. */
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  /** Bytes of the request as received. */
  readonly inputBytes: number;
  /** Aborted when the client cancels or goes away. */
  readonly signal: Stop;
  /** Value of an `Mcp-Param-*` header, decoded; undefined where the transport has no headers or none was sent. */
  readonly paramHeaders: ParamHeaders | undefined;
  /** Sends a notification that belongs to this request (progress, log). Dropped once answered or gone. */
  notify(method: string, params: JsonObject): void;
}

/** `Mcp-Param-*` headers of a request; MCP 2026-07-28, Streamable HTTP, "Custom parameter headers". */
export interface ParamHeaders {
  /** The decoded value, `undefined` where absent, `null` where its encoding is broken. `name` as declared by `x-mcp-header`. */
  get(name: string): string | null | undefined;
}

/** How long and for whom a result may be kept; MCP 2026-07-28, "Caching". */
export interface CacheHint {
  readonly ttlMs: number;
  readonly cacheScope: "public" | "private";
}

/**
 * A result, as the JSON text of its members without the outer braces (`"content":[…],"structuredContent":{…}`).
 * Prepared text is what makes answers cheap: it is written into the envelope as it stands.
 */
export interface ResultAnswer {
  readonly kind: "result";
  readonly members: string;
  /** The members as bytes of UTF-8, where they are many and given to many. */
  readonly encoded?: Uint8Array | undefined;
  readonly resultType: "complete" | "input_required" | "task";
  readonly cache: CacheHint | undefined;
  /** JSON text of the members of `_meta` without the braces; undefined where there is nothing to say. */
  readonly meta: string | undefined;
}

/** A refusal that the client, not the model, must mend. `httpStatus` is used where the transport is HTTP. */
export interface ErrorAnswer {
  readonly kind: "error";
  readonly code: number;
  readonly message: string;
  readonly data: JsonObject | undefined;
  readonly httpStatus: number;
  readonly httpHeaders: Readonly<Record<string, string>> | undefined;
}

export type Answer = ResultAnswer | ErrorAnswer;

/** Who presents a credential: the same name for whatever proves the same subject, undefined for a stranger. */
export interface Caller {
  readonly kind: "caller";
  readonly subject: string | undefined;
}

/** Which changes a client wants to hear of; MCP 2026-07-28, `subscriptions/listen`. */
export interface SubscriptionFilter {
  readonly toolsListChanged: boolean;
  readonly promptsListChanged: boolean;
  readonly resourcesListChanged: boolean;
  readonly resourceSubscriptions: readonly string[];
  /** Tasks to hear of; extension `io.modelcontextprotocol/tasks`. */
  readonly taskIds?: readonly string[];
}

/** A change that subscribers hear of, as method and params of its notification. */
export interface ChangeEvent {
  readonly method: string;
  readonly params: JsonObject;
}

/** An open subscription: what of the filter is honoured, and the way to end it. */
export interface Subscription {
  readonly honoured: SubscriptionFilter;
  /** Whose it is, however the caller proved itself; strangers have one name for each network. */
  readonly caller: string;
  close(): void;
}

/** A document that was prepared before it was asked for. */
export interface PreparedText {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Another one as soon as the text is. */
  readonly tag: string;
}

/** A tool whose contract is asked for; without a version, in the one that there is. */
export interface WantedContract {
  readonly name: string;
  readonly version: number | undefined;
}

export interface ServerIdentity {
  readonly name: string;
  readonly title: string | undefined;
  readonly version: string;
  readonly instructions: string | undefined;
  readonly capabilities: JsonObject;
}

/** What stands behind the wire: the gate. `handle` never throws; whatever happens is an answer. */
export interface Host {
  readonly identity: ServerIdentity;
  /**
   * The methods that `handle` serves. `server/discover` is answered from `identity`; named here, `handle` is asked
   * first, and may refuse it.
   */
  readonly methods: ReadonlySet<string>;
  handle(exchange: Exchange): Promise<Answer>;
  /** Finds out who calls, and does nothing else; a refusal is what any request of this caller would get. */
  identify(exchange: Exchange): Promise<Caller | ErrorAnswer>;
  /** Subscribes this caller; `emit` gets the changes the caller may see, `end` says that the gate closes the stream. */
  listen(
    exchange: Exchange,
    wanted: SubscriptionFilter,
    sink: { emit(event: ChangeEvent): void; end(): void },
  ): Promise<Subscription | ErrorAnswer>;
  /**
   * The contracts of the tools that this caller sees, or of one of them, as JSON. Refused as a list would be; a tool or a
   * version that is not there for this caller is refused with 404.
   */
  contracts?(exchange: Exchange, wanted: WantedContract | undefined): Promise<PreparedText | ErrorAnswer>;
  /** Told of a request that was refused unread for want of time, and of where it came from: for the record's counts. */
  onRefused?(remoteAddress: string | undefined): void;
  /** Told of what broke on the wire's side, for the log: the client hears of an internal error, and nothing of its cause. */
  onProblem(what: string, error: unknown): void;
}
