import { randomUUID } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { SignalBoard } from "../../signal-board.ts";
import type { HeardSignal, Signal, Signals } from "../../signals-port.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";

/** How long another process's signal may go unheard. A look at a file that nobody has written costs microseconds. */
const LOOK_EVERY_MS = 100;

/** Signals by way of gate.db: written by the ledger's thread, and looked for while somebody listens. */
export class SqliteSignals implements Signals {
  readonly #board: SignalBoard;
  readonly #origin: string = randomUUID();
  readonly #dataVersion: StatementSync;
  readonly #newer: StatementSync;
  readonly #looking: NodeJS.Timeout;
  #seen: unknown;
  #last: number;

  constructor(channel: BatchChannel, reader: DatabaseSync) {
    this.#board = new SignalBoard((bodies) => channel.call<void>(["signal", this.#origin, ...bodies]));
    this.#dataVersion = reader.prepare("PRAGMA data_version");
    this.#newer = reader.prepare("SELECT position, origin, body FROM signals WHERE position > ? ORDER BY position");
    this.#last = Number(reader.prepare("SELECT max(position) AS last FROM signals").get()?.["last"] ?? 0);
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  publish(signal: Signal): void {
    this.#board.publish(signal);
  }

  subscribe(listener: (heard: HeardSignal) => void): () => void {
    return this.#board.subscribe(listener);
  }

  close(): Promise<void> {
    clearInterval(this.#looking);
    return this.#board.close();
  }

  // A file that cannot be read now is looked at again: what is there by then has not been lost.
  #look(): void {
    try {
      const seen = this.#dataVersion.get()?.["data_version"];
      if (seen === this.#seen) return;
      for (const { position, origin, body } of this.#newer.all(this.#last)) {
        const isNext = position === this.#last + 1;
        this.#last = Number(position);
        if (!isNext) this.#board.missed();
        if (origin !== this.#origin) this.#board.receive(String(body));
      }
      this.#seen = seen;
    } catch {
      this.#seen = undefined;
    }
  }
}
