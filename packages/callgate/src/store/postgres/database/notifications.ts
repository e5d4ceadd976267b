import { Socket } from "node:net";
import type { Client } from "pg";
import { StoreError } from "../../store-error.ts";
import type { PostgresAddress } from "./address.ts";
import { quoted } from "./connections.ts";
import { connectFailure } from "./postgres-failure.ts";

/** Milliseconds that a new connection may take, and that a server may be silent before it counts as gone. */
const PATIENCE_MS = 5_000;
/** A connection on which nothing is said is asked this often whether it is still one. */
const ASK_EVERY_MS = 2_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

export interface NotificationsOptions {
  readonly address: PostgresAddress;
  readonly channel: string;
  /** Who is connected, as `pg_stat_activity` shows it. */
  readonly applicationName: string;
  readonly onNotification: (payload: string) => void;
  /** The connection had been lost and is there again: what was said in between was not heard. */
  readonly onGap: () => void;
}

/**
 * Listens on a channel of a database, on one connection of its own, which is opened anew whenever it is lost. It keeps no
 * process alive.
 */
export class Notifications {
  readonly #options: NotificationsOptions;
  #client: Client | undefined;
  #socket: Socket | undefined;
  #asking: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #pause = FIRST_WAIT_MS;
  #closed = false;

  private constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  /** Resolves once it listens; rejects where the server cannot be reached at all. */
  static async open(options: NotificationsOptions): Promise<Notifications> {
    const notifications = new Notifications(options);
    try {
      await notifications.#connect();
    } catch (error) {
      await notifications.close();
      throw error instanceof StoreError ? error : connectFailure(error, options.address);
    }
    return notifications;
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#drop();
    return Promise.resolve();
  }

  async #connect(): Promise<void> {
    const { default: pg } = await import("pg");
    const { address, channel, applicationName, onNotification } = this.#options;
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: address.connectionString,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      keepAlive: true,
      application_name: applicationName,
      stream: () => socket,
    });
    this.#client = client;
    this.#socket = socket;
    client.on("notification", ({ payload = "" }) => onNotification(payload));
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    await client.connect();
    await client.query(`LISTEN ${quoted(channel)}`);
    if (this.#closed || this.#client !== client) return this.#drop();
    socket.unref();
    this.#pause = FIRST_WAIT_MS;
    this.#asking = setInterval(() => void this.#ask(client), ASK_EVERY_MS).unref();
  }

  // A machine that has gone away says nothing, not even that it has gone.
  async #ask(client: Client): Promise<void> {
    try {
      await client.query("SELECT 1");
    } catch {
      this.#lost(client);
    }
  }

  #lost(client: Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#drop();
    this.#connectLater();
  }

  #connectLater(): void {
    const pause = this.#pause;
    clearTimeout(this.#again);
    this.#pause = Math.min(pause * 2, LONGEST_WAIT_MS);
    this.#again = setTimeout(() => void this.#connectAgain(), pause).unref();
  }

  async #connectAgain(): Promise<void> {
    try {
      await this.#connect();
    } catch {
      this.#drop();
      if (!this.#closed) this.#connectLater();
      return;
    }
    if (!this.#closed) this.#options.onGap();
  }

  #drop(): void {
    clearInterval(this.#asking);
    this.#client = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}
