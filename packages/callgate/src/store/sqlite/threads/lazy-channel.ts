import { StoreError } from "../../store-error.ts";
import type { Operation } from "./batch.ts";
import type { BatchChannel } from "./batch-channel.ts";

/** A channel whose thread starts with its first operation. */
export class LazyChannel {
  readonly #start: () => Promise<BatchChannel>;
  #channel: Promise<BatchChannel> | undefined;
  #closed = false;

  constructor(start: () => Promise<BatchChannel>) {
    this.#start = start;
  }

  async call<Result>(operation: Operation): Promise<Result> {
    if (this.#closed) throw new StoreError("store_closed", "the store is closed");
    if (this.#channel === undefined) {
      this.#channel = this.#start();
      // A start that failed is tried again by the next operation.
      this.#channel.catch(() => {
        this.#channel = undefined;
      });
    }
    return (await this.#channel).call(operation);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#channel?.catch(() => undefined))?.close();
  }
}
