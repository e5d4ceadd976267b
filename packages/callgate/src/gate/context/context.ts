import { covers } from "../../callers/visible.ts";
import type { CallContext, CommitContext, PlanContext } from "../../define/context.ts";
import type { InputRequest, InputResponse } from "../../define/input-required.ts";
import { type Stop, type Stopping, toSignal } from "../../define/stop.ts";
import type { Subject } from "../../define/subject.ts";
import { sha256Hex } from "../../ledger/digest.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { gateError } from "../answers/gate-error.ts";
import { canAsk } from "../ask-client.ts";
import type { Call } from "../call/call.ts";
import { backendKey } from "../writes/backend-key.ts";
import { clientMetaOf } from "./client-meta.ts";
import { logThrough } from "./log.ts";
import { callFromTool } from "./nested-call.ts";
import { sayToClient, tellProgress } from "./progress.ts";
import { tracedFetch } from "./traced-fetch.ts";

/** `ctx` of a tool. Parts that cost something are made when they are first touched. */
export class GateContext implements CallContext<unknown>, Stopping {
  readonly #call: Call;
  readonly backend: unknown;
  readonly #stop: Stop;
  #fetch: typeof fetch | undefined;
  #fetchPublic: typeof fetch | undefined;
  #log: CallContext<unknown>["log"] | undefined;

  constructor(call: Call, access: "read" | "write", stop: Stop) {
    this.#call = call;
    this.backend = call.served.domain.backend(access);
    this.#stop = stop;
  }

  get stop(): Stop {
    return this.#stop;
  }

  get signal(): AbortSignal {
    return toSignal(this.#stop);
  }

  get callId(): string {
    return this.#call.id;
  }

  get subject(): Subject {
    return this.#call.subject;
  }

  get deadline(): number {
    return this.#call.deadline;
  }

  get log(): CallContext<unknown>["log"] {
    const { id: callId, trace, served, gate } = this.#call;
    this.#log ??= logThrough(gate.log, (fields) => ({ ...fields, callId, traceId: trace.traceId, tool: served.name }));
    return this.#log;
  }

  get trace(): CallContext<unknown>["trace"] {
    return this.#call.trace;
  }

  get clientMeta(): Readonly<Record<string, unknown>> {
    return clientMetaOf(this.#call.exchange.meta.all);
  }

  get include(): ReadonlySet<string> {
    return this.#call.own.include;
  }

  get hears(): string | undefined {
    return this.#call.exchange.meta.logLevel;
  }

  get domainCredential(): string | undefined {
    return this.#call.domainCredentials?.get(this.#call.served.domain.name);
  }

  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.#call.inputResponses;
  }

  get state(): unknown {
    return this.#call.state;
  }

  get fetch(): typeof fetch {
    this.#fetch ??= tracedFetch(this.#call, { signal: this.signal, writtenBy: "code" });
    return this.#fetch;
  }

  get fetchPublic(): typeof fetch {
    this.#fetchPublic ??= tracedFetch(this.#call, { signal: this.signal, writtenBy: "outside" });
    return this.#fetchPublic;
  }

  readonly canAsk = (method: InputRequest["method"], mode?: "url"): boolean => canAsk(this.#call, { method, mode });

  readonly progress = (done: number, total?: number, message?: string): void =>
    tellProgress(this.#call, { done, total, message });

  readonly say = (level: Parameters<CallContext<unknown>["say"]>[0], words: unknown): void =>
    sayToClient(this.#call, level, words);

  readonly requireScope = (scope: string): void => {
    if (covers(this.subject.scopes, scope)) return;
    throw gateError("missing_scope", `This needs the scope ${scope}.`, {
      next: "Ask a person for a credential with that scope.",
    });
  };

  readonly call = (tool: string, input: Readonly<Record<string, unknown>>): Promise<unknown> =>
    callFromTool(this.#call, { tool, input, signal: this.#stop, planning: this.#call.planning });

  readonly recordCost = (cost: Readonly<Record<string, number>>): void => this.#call.addCost(cost);

  readonly recordSent = (payload: unknown): void => void this.#call.sent.push(payload);
}

/** `ctx` of `plan`: the read credential, and no way to write. */
export class GatePlanContext extends GateContext implements PlanContext<unknown> {
  readonly idempotencyKey: string | undefined;
  readonly dryRun: boolean;
  /** Belongs to the plan and not to a time: what the plan leaves running may not write either. */
  override readonly call: CallContext<unknown>["call"];

  constructor(call: Call, stop: Stop, key: string | undefined) {
    super(call, "read", stop);
    const write = { subject: call.subject.id, tool: call.served.name };
    this.idempotencyKey = key === undefined ? undefined : backendKey({ ...write, key });
    this.dryRun = call.own.dryRun;
    this.call = (tool, input) => callFromTool(call, { tool, input, signal: stop, planning: true });
  }
}

/** `ctx` of `commit`, `lookup` and `undo`: the write credential and the key that makes the write one. */
export class GateCommitContext extends GateContext implements CommitContext<unknown> {
  readonly idempotencyKey: string;
  readonly attempt: number;
  readonly #called = new Map<string, number>();
  override readonly call: CallContext<unknown>["call"];

  constructor(call: Call, stop: Stop, row: Pick<LedgerRow, "subject" | "tool" | "key" | "attempt">) {
    super(call, "write", stop);
    this.idempotencyKey = backendKey(row);
    this.attempt = row.attempt;
    this.call = (tool, input) =>
      callFromTool(call, { tool, input, signal: stop, planning: call.planning, key: this.#innerKey(tool) });
  }

  /** The same for the same call of every attempt: a write that is tried again finds what it had other tools write. */
  #innerKey(tool: string): string {
    const ordinal = this.#called.get(tool) ?? 0;
    this.#called.set(tool, ordinal + 1);
    return sha256Hex(JSON.stringify([this.idempotencyKey, tool, ordinal]));
  }
}
