import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";
import { isOwnerGone, newOwner } from "../ledger/owner.ts";
import type { Signals } from "../store/signals-port.ts";
import type { MostAtWork, TaskRow, TaskStore } from "../store/task-port.ts";
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
  /** How many tasks of a tool may be at work; undefined: any number. */
  readonly mostOf: (tool: string) => MostAtWork | undefined;
  /** The tools whose work this process can do at the moment. */
  readonly tools: () => readonly string[];
  /** Does the work, and ends the run. */
  readonly work: (run: TaskRun) => Promise<void>;
}

/**
 * `ended` resolves once the work has ended here. `busy`: there is no place for it here, or none yet. `gone`: somebody else has it, or it
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
    const { store, clock } = this.#options;
    const now = clock();
    const known = this.#options.tools();
    const tools = await this.#withPlaces(known, now);
    const waiting = tools.length === 0 ? [] : await store.waiting({ now, tools, limit: MOST_LOOKED_AT });
    const held = await store.held(now, MOST_LOOKED_AT);
    const left = held.filter(({ owner, tool }) => owner !== undefined && known.includes(tool) && isOwnerGone(owner));
    return [...left, ...waiting];
  }

  /** Takes the task up where that may be. */
  async begin(row: TaskRow): Promise<Begun> {
    const { store, clock, mostOf, tools } = this.#options;
    const now = clock();
    const { id, attempt, owner, tool } = row;
    if (!this.hasRoom || !tools().includes(tool)) return { kind: "busy" };
    // Its lease may be over all the same: the clock has jumped, or the store was away.
    if (this.#runs.has(id)) return { kind: "gone" };
    const taken = await store.take({
      id,
      attempt,
      owner: this.#owner,
      goneOwner: owner !== undefined && isOwnerGone(owner) ? owner : undefined,
      now,
      leaseUntil: now + LEASE_MS,
      most: mostOf(tool),
    });
    if (taken.kind !== "taken") return { kind: taken.kind };
    const run = new TaskRun({ ...this.#options, row: taken.row, isRerun: owner !== undefined });
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

  /** Tasks of the others can only wait, and would hide those that need not. */
  async #withPlaces(tools: readonly string[], now: number): Promise<readonly string[]> {
    const { store, mostOf } = this.#options;
    if (tools.every((tool) => mostOf(tool) === undefined)) return tools;
    const atWork = await store.atWork(now);
    return tools.filter((tool) => {
      const most = mostOf(tool);
      const running = most?.tools.reduce((sum, name) => sum + (atWork.get(name) ?? 0), 0);
      return most === undefined || Number(running) < most.tasks;
    });
  }

  async #work(run: TaskRun): Promise<void> {
    try {
      await this.#options.work(run);
    } catch (error) {
      // The lease ends by itself, and the task is taken up again or given up then.
      this.#options.log.error("a task could not be ended", { task: run.row.id, error: inspect(error) });
    } finally {
      if (this.#runs.get(run.row.id)?.run === run) this.#runs.delete(run.row.id);
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
