import { StoreError } from "../../store-error.ts";
import type { Operation } from "./batch.ts";
import type { BatchChannel } from "./batch-channel.ts";

/** A channel whose thread starts with its first operation, and anew with the next one after it has died. */
export class LazyChannel {
  readonly #start: () => Promise<BatchChannel>;
  #channel: Promise<BatchChannel> | undefined;
  #started: BatchChannel | undefined;
  #closed = false;

  constructor(start: () => Promise<BatchChannel>) {
    this.#start = start;
  }

  async call<Result>(operation: Operation): Promise<Result> {
    if (this.#closed) throw new StoreError("store_closed", "the store is closed");
    if (this.#started?.ended === true) this.#forget();
    this.#channel ??= this.#open();
    return (await this.#channel).call(operation);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#channel?.catch(() => undefined))?.close();
  }

  async #open(): Promise<BatchChannel> {
    try {
      this.#started = await this.#start();
      return this.#started;
    } catch (error) {
      // A start that failed is tried again by the next operation.
      this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#channel = undefined;
    this.#started = undefined;
  }
}
