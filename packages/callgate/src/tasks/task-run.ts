import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";
import type { TaskChanges, TaskCost, TaskProgress, TaskRow, TaskState, TaskStore } from "../store/task-port.ts";
import type { TaskBoard, TaskInput, TaskOutcome } from "./task-board.ts";

/** Milliseconds that the word of a process counts that says nothing more. */
export const LEASE_MS = 30_000;
const BEAT_MS = LEASE_MS / 3;
/** Progress is stored no oftener than this: nobody looks at it more often. */
const STORE_PROGRESS_MS = 500;
const MOST_PROGRESS = 50;
/** A result is kept at least this long, however late it came. */
const KEPT_AT_LEAST_MS = 15 * 60_000;

/** Why work is to end: its caller wants no more of it, another process has it, or this process is about to stop. */
export type StopReason = "cancelled" | "lost" | "handed-over";

export interface TaskRunOptions {
  readonly row: TaskRow;
  readonly store: TaskStore;
  readonly board: TaskBoard;
  readonly clock: () => number;
  readonly log: CallLog;
  /** True where another process had taken it up and left it unended. */
  readonly isRerun: boolean;
}

/** A task that this process has won: it renews the lease, stores how far the work is, and hears when it is to end. */
export class TaskRun {
  readonly row: TaskRow;
  readonly #options: TaskRunOptions;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  readonly #beat: NodeJS.Timeout;
  #progress: readonly TaskProgress[];
  #cost: TaskCost;
  #storing: Promise<unknown> = Promise.resolve();
  #later: NodeJS.Timeout | undefined;
  #storedAt = 0;
  #stopped: StopReason | undefined;
  #ended = false;

  constructor(options: TaskRunOptions) {
    this.#options = options;
    this.row = options.row;
    this.#progress = options.row.progress;
    this.#cost = options.row.cost;
    this.#startedAt = options.clock();
    this.#beat = setInterval(() => this.#store(), BEAT_MS).unref();
    if (options.row.cancelAt !== undefined) this.stop("cancelled");
  }

  /** Aborted when the work is to end, whatever the reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isRerun(): boolean {
    return this.#options.isRerun;
  }

  get stopped(): StopReason | undefined {
    return this.#stopped;
  }

  /** What it has cost so far, this attempt and those before it. */
  get cost(): TaskCost {
    return this.#cost;
  }

  get workedMs(): number {
    return this.row.workedMs + Math.max(0, this.#options.clock() - this.#startedAt);
  }

  stop(reason: StopReason): void {
    if (this.#stopped !== undefined || this.#ended) return;
    this.#stopped = reason;
    this.#controller.abort(new Error(`the work is ${reason}`));
  }

  /** Notes how far the work is; stored soon. */
  progress(done: number, total: number | undefined, message: string | undefined): void {
    const at = this.#options.clock();
    const step = { at, done, ...(total !== undefined && { total }), ...(message !== undefined && { message }) };
    this.#progress = [...this.#progress, step].slice(-MOST_PROGRESS);
    this.#storeSoon();
  }

  addCost(cost: TaskCost): void {
    const sum: Record<string, number> = { ...this.#cost };
    for (const [unit, amount] of Object.entries(cost)) sum[unit] = (sum[unit] ?? 0) + amount;
    this.#cost = sum;
    this.#storeSoon();
  }

  /** Looks whether its end is wanted: a signal of that may have been lost. */
  look(): void {
    this.#store();
  }

  /** The end of the work. False: another process has the task, and its word counts. */
  end(
    state: Exclude<TaskState, "working" | "input_required">,
    outcome: TaskOutcome | undefined,
    code?: string,
  ): Promise<boolean> {
    const now = this.#options.clock();
    const expiresAt = Math.max(this.row.expiresAt, now + KEPT_AT_LEAST_MS);
    const sealed = outcome && this.#options.board.sealOutcome(this.row.id, outcome);
    return this.#leave({ state, expiresAt, code, ...(sealed !== undefined && { sealedOutcome: sealed }) });
  }

  /** The work goes on once the client has answered. */
  ask(input: TaskInput): Promise<boolean> {
    const sealedInput = this.#options.board.sealInput(this.row.id, input);
    return this.#leave({ state: "input_required", sealedInput, owner: undefined, leaseUntil: 0 });
  }

  /** Gives it up for another process to go on at once. */
  handOver(): Promise<boolean> {
    return this.#leave({ owner: undefined, leaseUntil: 0 });
  }

  async #leave(set: TaskChanges): Promise<boolean> {
    this.#ended = true;
    clearInterval(this.#beat);
    clearTimeout(this.#later);
    await this.#storing;
    const moved = await this.#move({ ...this.#changes(), ...set });
    if (moved !== undefined) this.#options.board.publish(moved);
    return moved !== undefined;
  }

  #storeSoon(): void {
    if (this.#ended || this.#later !== undefined) return;
    const wait = Math.max(0, this.#storedAt + STORE_PROGRESS_MS - this.#options.clock());
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.#store();
    }, wait).unref();
  }

  #store(): void {
    this.#storedAt = this.#options.clock();
    this.#storing = this.#storing.then(() => this.#renew());
  }

  async #renew(): Promise<void> {
    if (this.#ended) return;
    try {
      const row = await this.#move({ ...this.#changes(), leaseUntil: this.#options.clock() + LEASE_MS });
      if (row === undefined) return this.stop("lost");
      if (row.cancelAt !== undefined) this.stop("cancelled");
      this.#options.board.publish(row);
    } catch (error) {
      // The lease may outlive a store that is away for a moment.
      this.#options.log.warn("a task could not say how far it is", { task: this.row.id, error: inspect(error) });
    }
  }

  #changes(): TaskChanges {
    return { progress: this.#progress, cost: this.#cost, workedMs: this.workedMs };
  }

  #move(set: TaskChanges): Promise<TaskRow | undefined> {
    const { store, clock, row } = this.#options;
    return store.move({ id: row.id, attempt: row.attempt, from: ["working"], now: clock(), set });
  }
}
