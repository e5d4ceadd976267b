import type { Worker } from "node:worker_threads";
import { StoreError } from "../../store-error.ts";
import { type BatchReply, CLOSE, type Operation } from "./batch.ts";

interface Settler {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export interface BatchChannelOptions {
  /** What the thread does, for messages: "ledger". */
  readonly name: string;
  /** Operations in one message at most. */
  readonly maxBatch: number;
  /** Operations that may wait; beyond them a call is refused at once. */
  readonly maxPending: number;
  /** Called where the worker says that there is housekeeping to do. */
  readonly onNeedsCare?: () => void;
}

/**
 * Hands operations to a worker in batches: while one batch is away the next one gathers, and leaves once the event
 * loop has had a turn that added nothing to it.
 */
export class BatchChannel {
  readonly #worker: Worker;
  readonly #options: BatchChannelOptions;
  #operations: Operation[] = [];
  #settlers: Settler[] = [];
  #away: Settler[] | undefined;
  #flushPlanned = false;
  #ended: StoreError | undefined;
  #drained: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker, options: BatchChannelOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on("message", (reply: BatchReply) => this.#receive(reply));
    worker.on("error", (cause) => this.#end(`the ${options.name} thread of the store died: ${cause.message}`));
    worker.on("exit", () => this.#end(`the ${options.name} thread of the store has ended`));
    // An idle store does not keep a process alive; one with work under way does.
    worker.unref();
  }

  /** Whether the thread is gone, or told to go. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Resolves with the worker's result once its batch is done; rejects with a StoreError where it is not. */
  call<Result>(operation: Operation): Promise<Result> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#operations.length >= this.#options.maxPending) {
      const { name, maxPending } = this.#options;
      return Promise.reject(
        new StoreError("store_overloaded", `${maxPending} operations wait for the ${name} already`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#operations.push(operation);
      this.#settlers.push({ resolve, reject });
      this.#planFlush();
    });
  }

  /** Waits for what is pending, then ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ended !== undefined) return;
    if (this.#away !== undefined || this.#operations.length > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    if (this.#ended !== undefined) return;
    this.#ended = new StoreError("store_closed", "the store is closed");
    this.#worker.ref();
    const exited = new Promise((resolve) => this.#worker.once("exit", resolve));
    this.#worker.postMessage(CLOSE);
    await exited;
  }

  #planFlush(): void {
    if (this.#away !== undefined || this.#flushPlanned) return;
    this.#flushPlanned = true;
    this.#flushWhenComplete(this.#operations.length);
  }

  // A batch costs as much as many of its operations: it leaves after a turn of the event loop that brought nothing new.
  #flushWhenComplete(before: number): void {
    setImmediate(() => {
      const now = this.#operations.length;
      if (now === before || now >= this.#options.maxBatch) this.#flush();
      else this.#flushWhenComplete(now);
    });
  }

  #flush(): void {
    this.#flushPlanned = false;
    if (this.#away !== undefined || this.#ended !== undefined || this.#operations.length === 0) return;
    const { maxBatch } = this.#options;
    const operations = this.#operations;
    const settlers = this.#settlers;
    this.#operations = operations.length > maxBatch ? operations.splice(maxBatch) : [];
    this.#settlers = settlers.length > maxBatch ? settlers.splice(maxBatch) : [];
    this.#away = settlers;
    this.#worker.ref();
    try {
      this.#worker.postMessage(operations);
    } catch {
      this.#sendWhatCanBeSent(operations, settlers);
    }
  }

  // One value that no message can carry (a function in an untyped caller's row) must not fail its neighbours.
  #sendWhatCanBeSent(operations: readonly Operation[], settlers: readonly Settler[]): void {
    const sent: Operation[] = [];
    const away: Settler[] = [];
    for (const [index, operation] of operations.entries()) {
      const settler = settlers[index] as Settler;
      try {
        sent.push(structuredClone(operation));
        away.push(settler);
      } catch (cause) {
        settler.reject(new StoreError("store_invalid", "a value cannot be stored", { cause }));
      }
    }
    this.#away = away;
    this.#worker.postMessage(sent);
  }

  #receive([results, failures, needsCare]: BatchReply): void {
    const settlers = this.#away ?? [];
    this.#away = undefined;
    if (this.#operations.length > 0) this.#planFlush();
    else this.#worker.unref();
    if (failures !== null) {
      for (const [index, code, message] of failures) {
        const failed = index < 0 ? settlers : settlers.slice(index, index + 1);
        for (const settler of failed) settler.reject(new StoreError(code, message));
      }
    }
    // Resolving what has been rejected above does nothing.
    for (let index = 0; index < settlers.length; index += 1) {
      settlers[index]?.resolve((results === null ? undefined : results[index]) as never);
    }
    if (needsCare) this.#options.onNeedsCare?.();
    if (this.#away === undefined && this.#operations.length === 0) this.#drained?.();
  }

  #end(message: string): void {
    if (this.#ended === undefined) this.#ended = new StoreError("store_unavailable", message);
    const lost = [...(this.#away ?? []), ...this.#settlers];
    this.#away = undefined;
    this.#operations = [];
    this.#settlers = [];
    for (const settler of lost) settler.reject(this.#ended);
    this.#drained?.();
  }
}
