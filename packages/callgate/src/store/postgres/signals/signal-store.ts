import { hash, randomUUID } from "node:crypto";
import { SignalBoard } from "../../signal-board.ts";
import type { HeardSignal, Signal, Signals } from "../../signals-port.ts";
import type { PostgresAddress } from "../database/address.ts";
import type { Connections } from "../database/connections.ts";
import { Notifications } from "../database/notifications.ts";

export interface PostgresSignalsOptions {
  readonly address: PostgresAddress;
  /** Gates on one schema hear each other, and no others. */
  readonly schema: string;
  readonly writing: Connections;
  readonly applicationName: string;
}

/** Letters before the body of a notification: the opening of the store that published it. */
const ORIGIN_LETTERS = 36;

/** Signals by NOTIFY, heard by LISTEN on a connection of their own. */
export class PostgresSignals implements Signals {
  readonly #origin: string = randomUUID();
  readonly #board: SignalBoard;
  #notifications: Notifications | undefined;

  private constructor({ schema, writing }: PostgresSignalsOptions) {
    const channel = signalChannel(schema);
    this.#board = new SignalBoard(async (bodies) => {
      const payloads = bodies.map((body) => `${this.#origin}${body}`);
      // One statement: they arrive together, in their order.
      await writing.run({
        text: "SELECT pg_notify($1, body) FROM unnest($2::text[]) AS body",
        values: [channel, payloads],
      });
    });
  }

  /** Resolves once it hears; rejects where the server cannot be reached. */
  static async open(options: PostgresSignalsOptions): Promise<PostgresSignals> {
    const signals = new PostgresSignals(options);
    signals.#notifications = await Notifications.open({
      address: options.address,
      channel: signalChannel(options.schema),
      applicationName: options.applicationName,
      onNotification: (payload) => signals.#hear(payload),
      onGap: () => signals.#board.missed(),
    });
    return signals;
  }

  publish(signal: Signal): void {
    this.#board.publish(signal);
  }

  subscribe(listener: (heard: HeardSignal) => void): () => void {
    return this.#board.subscribe(listener);
  }

  /** Sends what waits; the connections that it is sent on must be open still. */
  async close(): Promise<void> {
    await this.#board.close();
    await this.#notifications?.close();
  }

  #hear(payload: string): void {
    if (!payload.startsWith(this.#origin)) this.#board.receive(payload.slice(ORIGIN_LETTERS));
  }
}

/** The channel of a schema. The name of a schema may be as long as that of a channel, so it is hashed. */
export function signalChannel(schema: string): string {
  return `callgate_${hash("sha256", schema).slice(0, 32)}`;
}
