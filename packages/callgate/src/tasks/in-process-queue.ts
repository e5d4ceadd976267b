import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";
import type { Delivered, TaskQueue } from "./task-queue.ts";
import type { TaskWorkers } from "./task-workers.ts";

/** How often it looks for tasks that others have begun, or that a process has left when it died. */
const LOOK_EVERY_MS = 2_000;

/** The queue of one machine: the rows in the store are all there is to it. */
export class InProcessQueue implements TaskQueue {
  readonly enlist = undefined;
  readonly #workers: TaskWorkers;
  readonly #log: CallLog;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(workers: TaskWorkers, log: CallLog, lookEveryMs: number = LOOK_EVERY_MS) {
    this.#workers = workers;
    this.#log = log;
    this.#timer = setInterval(() => this.wake(), lookEveryMs).unref();
    this.wake();
  }

  /** Looks for what waits. */
  wake(): void {
    if (this.#closed) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
  }

  deliver(_task: Delivered): void {
    this.wake();
  }

  async close(): Promise<void> {}

  async stop(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      if (!this.#workers.hasRoom) return;
      for (const row of await this.#workers.waiting()) {
        if (this.#closed || !this.#workers.hasRoom) return;
        const begun = await this.#workers.begin(row);
        // Its end leaves a place, for another of the same tool perhaps.
        if (begun.kind === "begun") void begun.ended.then(() => this.wake());
      }
    } catch (error) {
      this.#log.warn("waiting tasks could not be looked for", { error: inspect(error) });
    }
  }
}
