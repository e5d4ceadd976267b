import type { CallTrace } from "../../define/context.ts";
import type { InputRequired, InputResponse } from "../../define/input-required.ts";
import type { Subject } from "../../define/subject.ts";
import type { Concurrency } from "../../limits/concurrency.ts";
import type { RowApproval } from "../../store/ledger-port.ts";
import type { TaskRun } from "../../tasks/task-run.ts";
import type { Exchange } from "../../wire/exchange.ts";
import type { GateParts } from "../parts.ts";
import type { LongRules, Served } from "../served/served.ts";
import { newId } from "./ids.ts";
import { StageTimes } from "./stage-times.ts";
import { traceOf } from "./trace.ts";

/** The gate's own fields, taken out of the arguments; see docs/tools.md. */
export interface ServedArguments {
  dryRun: boolean;
  key: string | undefined;
  previewHash: string | undefined;
  include: ReadonlySet<string>;
  reason: string | undefined;
  cursor: string | undefined;
  /** Fields that came under a former name, by that name. */
  formerFields: Readonly<Record<string, string>>;
}

const NO_RESPONSES: Readonly<Record<string, InputResponse>> = Object.freeze({});
const NO_FIELDS: Readonly<Record<string, string>> = Object.freeze({});
const NO_PARTS: ReadonlySet<string> = new Set();

/** Where a call comes from that no client has sent. */
export interface CallOrigin {
  readonly planning?: boolean;
  readonly nested?: boolean;
  readonly task?: TaskRun;
  readonly due?: string;
}

/** A call on its way: each stage adds what it found out. */
export class Call {
  readonly gate: GateParts;
  /** What came of the client; of a call by `call_tool`, from `see` on, the call of the tool that it names. */
  exchange: Exchange;
  readonly startedAt: number;
  readonly id: string;
  readonly trace: CallTrace;
  /** True for what a `plan` calls, however deep: other tools may only be read. */
  readonly planning: boolean;
  /** True where a tool has called: its work is part of that one's, however long it takes. */
  readonly nested: boolean;
  /** The task that this call does the work of. */
  readonly task: TaskRun | undefined;
  /** The due time of the schedule that has made this call. */
  readonly due: string | undefined;
  readonly own: ServedArguments = {
    dryRun: false,
    key: undefined,
    previewHash: undefined,
    include: NO_PARTS,
    reason: undefined,
    cursor: undefined,
    formerFields: NO_FIELDS,
  };
  readonly places: Concurrency[] = [];
  /** What was sent to the backend, for the audit. */
  readonly sent: unknown[] = [];
  readonly #times: StageTimes = new StageTimes();
  #inner: WeakSet<object> | undefined;
  #waitedMs = 0;
  #subject: Subject | undefined;
  #served: Served | undefined;
  domainCredentials: ReadonlyMap<string, string> | undefined;
  /** When the caller's key expires. */
  credentialEndsAt: number | undefined;
  /** Arguments as sent, until `check` has validated them. */
  input: unknown;
  /** What an earlier round of this call asked to have back, unsealed; undefined on the first. */
  state: unknown;
  /** The ledger row that a write has come upon. */
  writeId: string | undefined;
  /** The key under which this very write is found again. */
  writeKey: string | undefined;
  /** The intent of a streamed call, once it is on its way into the audit. */
  intent: Promise<void> | undefined;
  /** The approval that the client was asked for in an earlier round of this call. */
  approvalId: string | undefined;
  /** What the client said to it. */
  approvalResponse: InputResponse | undefined;
  /** What the client answered when the tool asked it. */
  inputResponses: Readonly<Record<string, InputResponse>> = NO_RESPONSES;
  /** What was spent on the write that this call has begun. */
  spentApproval: RowApproval | undefined;
  /** What the tool of a task asks of its client. */
  asked: InputRequired | undefined;
  /** What it has cost, by unit. */
  cost: Readonly<Record<string, number>> | undefined;
  /** True once it is being recorded how the call ended: nothing more is said of it. */
  ended = false;

  constructor(gate: GateParts, exchange: Exchange, { planning = false, nested = false, task, due }: CallOrigin = {}) {
    this.gate = gate;
    this.exchange = exchange;
    this.planning = planning;
    this.nested = nested;
    this.task = task;
    this.due = due;
    this.startedAt = gate.clock();
    this.id = newId("call", this.startedAt);
    this.trace = traceOf(exchange.meta.traceparent);
  }

  get subject(): Subject {
    if (this.#subject === undefined) throw new Error("the call has no subject before it is identified");
    return this.#subject;
  }

  set subject(subject: Subject) {
    this.#subject = subject;
  }

  get subjectIfKnown(): Subject | undefined {
    return this.#subject;
  }

  get served(): Served {
    if (this.#served === undefined) throw new Error("the call has no tool before it is seen");
    return this.#served;
  }

  set served(served: Served) {
    this.#served = served;
  }

  get servedIfSeen(): Served | undefined {
    return this.#served;
  }

  /** Milliseconds that it has; a call that begins a task has less of them than the work. */
  get timeoutMs(): number {
    return this.longRules?.callMs ?? this.served.timeoutMs;
  }

  get deadline(): number {
    return this.startedAt + this.timeoutMs + this.#waitedMs;
  }

  /** Time in which people thought is no time of the tool's; whole milliseconds. */
  addWaiting(ms: number): void {
    this.#waitedMs += ms;
  }

  /** The rules of the task that this call begins; undefined where it does the work itself. */
  get longRules(): LongRules | undefined {
    const { served } = this;
    return served.kind !== "tool" || this.nested || this.task !== undefined ? undefined : served.long;
  }

  addCost(cost: Readonly<Record<string, number>>): void {
    const sum: Record<string, number> = { ...this.cost };
    for (const [unit, amount] of Object.entries(cost)) sum[unit] = (sum[unit] ?? 0) + amount;
    this.cost = sum;
    this.task?.addCost(cost);
  }

  /** Notes what a tool that this one called has thrown. */
  addInner(error: object): void {
    this.#inner ??= new WeakSet();
    this.#inner.add(error);
  }

  /** True for what a tool that this one called has thrown: it says nothing of this one's backend, nor of what it did. */
  isInner(error: unknown): boolean {
    return typeof error === "object" && error !== null && this.#inner?.has(error) === true;
  }

  /** Notes that a stage has ended now. */
  mark(stage: string): void {
    this.#times.mark(stage);
  }

  get durationUs(): number {
    return this.#times.totalUs;
  }

  /** Stage names to microseconds, as JSON. */
  stages(): string {
    return this.#times.toJson();
  }
}
