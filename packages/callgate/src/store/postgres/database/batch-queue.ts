import { StoreError } from "../../store-error.ts";

/** How one operation of a batch ended. */
export type Settled<Result> = { readonly value: Result } | { readonly error: Error };

export interface BatchQueueOptions<Operation, Result> {
  /** What the operations are, for messages: "claims". */
  readonly name: string;
  /** Operations of one batch at most. */
  readonly maxBatch: number;
  /** Operations that may wait; beyond them a call is refused at once. */
  readonly maxPending: number;
  /** Batches on their way at the same time. */
  readonly lanes: number;
  /** Does a batch in one transaction; gives how each operation ended, in their order. What it throws fails them all. */
  readonly flush: (operations: readonly Operation[]) => Promise<readonly Settled<Result>[]>;
}

interface Waiting<Operation, Result> {
  readonly operation: Operation;
  readonly resolve: (value: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers operations into batches: what is given within one turn of the event loop, or while every lane is taken, leaves
 * together. Operations keep their order within a lane.
 */
export class BatchQueue<Operation, Result> {
  readonly #options: BatchQueueOptions<Operation, Result>;
  #waiting: Waiting<Operation, Result>[] = [];
  #away = 0;
  #flushPlanned = false;
  #closed = false;
  #drained: (() => void) | undefined;

  constructor(options: BatchQueueOptions<Operation, Result>) {
    this.#options = options;
  }

  /** Resolves once its batch is durable; rejects with a StoreError where it is not, or not known to be. */
  call(operation: Operation): Promise<Result> {
    if (this.#closed) return Promise.reject(new StoreError("store_closed", "the store is closed"));
    const { name, maxPending } = this.#options;
    if (this.#waiting.length >= maxPending)
      return Promise.reject(new StoreError("store_overloaded", `${maxPending} ${name} wait for the store already`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, resolve, reject });
      this.#planFlush();
    });
  }

  /** Resolves once everything pending has ended; what comes after is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#away === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  #planFlush(): void {
    if (this.#away >= this.#options.lanes || this.#flushPlanned) return;
    this.#flushPlanned = true;
    this.#flushWhenComplete(this.#waiting.length);
  }

  // A batch costs as much as many of its operations: it leaves after a turn of the event loop that brought nothing new.
  #flushWhenComplete(before: number): void {
    setImmediate(() => {
      const now = this.#waiting.length;
      if (now === before || now >= this.#options.maxBatch) void this.#flush();
      else this.#flushWhenComplete(now);
    });
  }

  async #flush(): Promise<void> {
    this.#flushPlanned = false;
    const batch = this.#waiting.splice(0, this.#options.maxBatch);
    if (batch.length === 0) return;
    this.#away += 1;
    if (this.#waiting.length > 0) this.#planFlush();
    try {
      const settled = await this.#options.flush(batch.map(({ operation }) => operation));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = settled[index];
        if (outcome === undefined) reject(new StoreError("store_in_doubt", "the store did not say what became of it"));
        else if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.value);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
      this.#refuseWhatWaits(error);
    } finally {
      this.#away -= 1;
      if (this.#waiting.length > 0) this.#planFlush();
      else if (this.#away === 0) this.#drained?.();
    }
  }

  // Each batch waits for a server that is away; those behind it have waited with it.
  #refuseWhatWaits(error: unknown): void {
    const code = error instanceof StoreError ? error.code : undefined;
    if (code !== "store_unavailable" && code !== "store_in_doubt") return;
    const reason = new StoreError("store_unavailable", (error as StoreError).message, { cause: error });
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }
}
