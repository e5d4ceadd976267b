import type { RingKeys, RingStore } from "../../ring-port.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";
import type { RingOperation } from "./ring-changes.ts";

/** What gate.db remembers of key rings. */
export class SqliteRingStore implements RingStore {
  readonly #channel: BatchChannel;

  constructor(channel: BatchChannel) {
    this.#channel = channel;
  }

  async join({ sealing, known }: RingKeys, at: number): Promise<string | undefined> {
    const operation: RingOperation = ["ring-join", at, sealing, ...known];
    return (await this.#channel.call<string | null>(operation)) ?? undefined;
  }

  async adopt({ sealing, known }: RingKeys, at: number): Promise<void> {
    const operation: RingOperation = ["ring-adopt", at, sealing, ...known];
    await this.#channel.call<null>(operation);
  }
}
