import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";
import { isOwnerGone, newOwner } from "../ledger/owner.ts";
import type { Signals } from "../store/signals-port.ts";
import type { TaskRow, TaskStore } from "../store/task-port.ts";
import type { TaskBoard } from "./task-board.ts";
import { LEASE_MS, TaskRun } from "./task-run.ts";

export interface TaskWorkersOptions {
  readonly store: TaskStore;
  readonly signals: Signals;
  readonly board: TaskBoard;
  readonly clock: () => number;
  readonly log: CallLog;
  /** Tasks that this process is at, at the same time. */
  readonly atOnce: number;
  /** Tasks of a tool that may be at work at the same time, over all processes; undefined: any number. */
  readonly mostOf: (tool: string) => number | undefined;
  /** Whether this process can do it. */
  readonly knows: (tool: string) => boolean;
  /** Does the work, and ends the run. */
  readonly work: (run: TaskRun) => Promise<void>;
}

/**
 * `ended` resolves once the work has ended here. `busy`: there is no place for it yet. `gone`: somebody else has it, or it
 * has ended.
 */
export type Begun = { readonly kind: "begun"; readonly ended: Promise<void> } | { readonly kind: "busy" | "gone" };

const MOST_LOOKED_AT = 100;

/** The hands of this process: takes tasks up that wait or that a dead process has left, as many at once as it may. */
export class TaskWorkers {
  readonly #options: TaskWorkersOptions;
  readonly #owner: string = newOwner();
  readonly #runs = new Map<string, { readonly run: TaskRun; readonly ended: Promise<void> }>();
  readonly #forget: () => void;
  #closed = false;

  constructor(options: TaskWorkersOptions) {
    this.#options = options;
    this.#forget = options.signals.subscribe((heard) => {
      if (heard.topic === "task-cancel-requested") this.#runs.get(heard.task)?.run.stop("cancelled");
      else if (heard.topic === "missed") for (const { run } of this.#runs.values()) run.look();
    });
  }

  get hasRoom(): boolean {
    return !this.#closed && this.#runs.size < this.#options.atOnce;
  }

  /** Tasks that this process might take up now, in the order in which it should. */
  async waiting(): Promise<readonly TaskRow[]> {
    const { store, clock, knows } = this.#options;
    const now = clock();
    const waiting = await store.waiting(now, MOST_LOOKED_AT);
    const held = await store.held(now, MOST_LOOKED_AT);
    const left = held.filter(({ id, owner }) => owner !== undefined && !this.#runs.has(id) && isOwnerGone(owner));
    return [...left, ...waiting].filter(({ tool }) => knows(tool));
  }

  /** Takes the task up where that may be. */
  async begin(row: TaskRow): Promise<Begun> {
    if (!this.hasRoom) return { kind: "busy" };
    const { store, clock, mostOf } = this.#options;
    const now = clock();
    const { id, attempt, tool } = row;
    const taken = await store.take({
      id,
      attempt,
      owner: this.#owner,
      now,
      leaseUntil: now + LEASE_MS,
      most: mostOf(tool),
    });
    if (taken.kind !== "taken") return { kind: taken.kind };
    const run = new TaskRun({ ...this.#options, row: taken.row, isRerun: row.owner !== undefined });
    const ended = this.#work(run);
    this.#runs.set(id, { run, ended });
    return { kind: "begun", ended };
  }

  /**
   * Takes nothing up any more; what does not end in time is handed over to other processes, or to the next start. All of
   * that takes `withinMs`, or what handing over takes where that is longer.
   */
  async close(withinMs: number): Promise<void> {
    this.#closed = true;
    await this.#allEnded(Math.max(0, withinMs - HAND_OVER_MS));
    for (const { run } of this.#runs.values()) run.stop("handed-over");
    await this.#allEnded(HAND_OVER_MS);
    this.#forget();
  }

  async #work(run: TaskRun): Promise<void> {
    try {
      await this.#options.work(run);
    } catch (error) {
      // The lease ends by itself, and the task is taken up again or given up then.
      this.#options.log.error("a task could not be ended", { task: run.row.id, error: inspect(error) });
    } finally {
      this.#runs.delete(run.row.id);
    }
  }

  async #allEnded(withinMs: number): Promise<void> {
    if (this.#runs.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    await Promise.race([promise, Promise.all([...this.#runs.values()].map(({ ended }) => ended))]);
    clearTimeout(timer);
  }
}

/** What it takes to note that a task is handed over. */
const HAND_OVER_MS = 2_000;
