import type { InputRequest, InputResponse } from "./input-required.ts";
import type { Subject } from "./subject.ts";

/** Writes to the gate's log with the call's id and trace; never to stdout. Fields are masked like the audit. */
export interface CallLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** W3C trace context of the call; ids in lower-case hex. */
export interface CallTrace {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceparent: string;
}

/** What a tool gets beside its input. */
export interface CallContext<Backend> {
  readonly callId: string;
  readonly subject: Subject;
  /** The domain's backend: with the read credential, but in `commit`, `lookup` and `undo`, where it has the write credential. */
  readonly backend: Backend;
  /** Aborted at the deadline and when the caller cancels; within `commit` only at the deadline or an explicit cancel. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly log: CallLog;
  readonly trace: CallTrace;
  /** What the client says in `_meta` beside what the protocol and the gate have there: its own words, judged by nobody. */
  readonly clientMeta: Readonly<Record<string, unknown>>;
  /** The optional parts that the caller asked for. */
  readonly include: ReadonlySet<string>;
  /** The credential that rode along for this domain alone (`mcpKey::domainKey`). */
  readonly domainCredential: string | undefined;
  /** Answers to an `inputRequired` result of this call, by the names of its requests; empty on the first round. */
  readonly inputResponses: Readonly<Record<string, InputResponse>>;
  /** What the last `inputRequired` result of this call carried as `state`; checked to be this gate's own, for this caller and tool. */
  readonly state: unknown;
  /** What the client can be asked for, a question at an address by `"url"`; an `inputRequired` result naming anything else is refused. */
  readonly canAsk: (method: InputRequest["method"], mode?: "url") => boolean;
  /** Tells the client how far the work is: `done` of `total`, with words. */
  readonly progress: (done: number, total?: number, message?: string) => void;
  /** Tells the client something in words, where it wants to hear of that level; MCP "Logging". Not the gate's log. */
  readonly say: (level: "debug" | "info" | "notice" | "warning" | "error", words: unknown) => void;
  /** The least level of `say` that reaches the client, as it has named it; undefined: it wants to hear nothing. */
  readonly hears: string | undefined;
  /** Throws `missing_scope` where the subject lacks it. */
  readonly requireScope: (scope: string) => void;
  /**
   * Calls another tool through the same gate, as the same subject. Within `plan` writes are refused; within `commit`
   * each gets a key of its own from this write's, unless the input has one. Throws its `CallError`.
   */
  readonly call: (tool: string, input: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /**
   * `fetch` with the call's deadline and trace context; what was sent is recorded, masked. Throws `address_blocked` for
   * addresses of the machine's own services (link-local, metadata), and for redirections to another origin that is not public.
   */
  readonly fetch: typeof fetch;
  /**
   * The same for an address that a caller or an answer has given, whole or in part: nothing but public addresses is
   * connected to, whatever the name resolves to. Throws `address_blocked` for all others.
   */
  readonly fetchPublic: typeof fetch;
  /** Adds to what the call has cost, by unit, e.g. `{ usd: 0.02, rows: 1200 }`: recorded however the call ends. */
  readonly recordCost: (cost: Readonly<Record<string, number>>) => void;
  /** Records what was really sent to the backend where that did not go through `fetch`. */
  readonly recordSent: (payload: unknown) => void;
}

/** `plan` sees the key too, so that a plan may look for earlier effects; a dry run may have none. */
export interface PlanContext<Backend> extends CallContext<Backend> {
  readonly idempotencyKey: string | undefined;
  readonly dryRun: boolean;
}

/** `commit` and `undo` give the key on to a backend that takes one. */
export interface CommitContext<Backend> extends CallContext<Backend> {
  /**
   * Names this write among all writes of all callers: 64 hex digits, made of subject, tool and the caller's own key, so
   * it may stand in a unique column or an idempotency header as it is. The same in `plan`, `commit` and `lookup`.
   */
  readonly idempotencyKey: string;
  /** 1 for a first try; grows each time that another call takes the write on, as after an approval or a crash. */
  readonly attempt: number;
}
