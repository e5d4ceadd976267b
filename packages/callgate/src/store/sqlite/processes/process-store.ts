import type { HeardProcess, ProcessStore } from "../../process-port.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";
import type { ProcessOperation } from "./process-changes.ts";

/** The processes on gate.db. */
export class SqliteProcessStore implements ProcessStore {
  readonly #channel: BatchChannel;

  constructor(channel: BatchChannel) {
    this.#channel = channel;
  }

  beat({ owner, heardAt }: HeardProcess): Promise<void> {
    return this.#call(["process-beat", owner, heardAt]);
  }

  async list(): Promise<readonly HeardProcess[]> {
    const rows = await this.#call<readonly (readonly [string, number])[]>(["process-list"]);
    return rows.map(([owner, heardAt]) => ({ owner, heardAt }));
  }

  takeOn({ owner, heardAt }: HeardProcess, now: number): Promise<boolean> {
    return this.#call(["process-take", owner, heardAt, now]);
  }

  forget(owner: string): Promise<void> {
    return this.#call(["process-forget", owner]);
  }

  #call<Result>(operation: ProcessOperation): Promise<Result> {
    return this.#channel.call(operation);
  }
}
