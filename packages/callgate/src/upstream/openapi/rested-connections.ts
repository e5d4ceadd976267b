import type { Client } from "undici";

/** What an API says beyond its answer comes right behind it, or with the next segment. */
const REST_MS = 10;
/** What undici ends a connection with on which something comes that nobody has asked for. */
const UNASKED = "bad response";

/** All connections are closed: what was to be sent was not. */
export class ConnectionsClosedError extends Error {
  override readonly name = "ConnectionsClosedError";
  readonly code = "CONNECTIONS_CLOSED";
}

interface Waiting {
  readonly take: (connection: Client) => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Connections to one origin, each for one request at a time. After an answer a connection rests: what comes while nobody
 * waits for an answer ends it, and is never taken for the answer to the next caller's request (SECURITY 26). Where that has
 * been seen once, no connection serves a second request any more.
 */
export class RestedConnections {
  readonly #connect: () => Client;
  readonly #most: number;
  readonly #all = new Set<Client>();
  /** The one that has rested longest comes first. */
  readonly #free: Client[] = [];
  readonly #line: Waiting[] = [];
  /** Lent connections that were closed before the request went out. */
  readonly #unsent = new Set<Client>();
  #saysMore = false;
  #isDestroyed = false;

  /** @param most Twice as many as there are requests at once let none wait for a connection that rests. */
  constructor(connect: () => Client, most: number) {
    this.#connect = connect;
    this.#most = most;
  }

  /** Whether a connection has to be closed after its answer; for undici's `reset`. */
  get areForOne(): boolean {
    return this.#saysMore;
  }

  /**
   * Lends a connection until the work has ended, its answer read; in line for one where all are lent or rest. Rejects with
   * a `ConnectionsClosedError` where they were closed before anything was sent.
   */
  async lend<Value>(signal: AbortSignal, work: (connection: Client) => Promise<Value>): Promise<Value> {
    this.#refuseClosed();
    const connection = this.#free.shift() ?? this.#another() ?? (await this.#wait(signal));
    this.#refuseClosed();
    try {
      return await work(connection);
    } catch (error) {
      throw this.#unsent.has(connection) ? closed(error) : error;
    } finally {
      // However late the timer is: what had come by then has been read.
      setTimeout(() => setImmediate(() => this.#giveBack(connection)), REST_MS);
    }
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    for (const connection of this.#all) if (connection.stats.pending > 0) this.#unsent.add(connection);
    for (const { refuse } of this.#line.splice(0)) refuse(closed());
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
  }

  #refuseClosed(): void {
    if (this.#isDestroyed) throw closed();
  }

  #another(): Client | undefined {
    if (this.#all.size >= this.#most) return undefined;
    const connection = this.#connect();
    connection.on("disconnect", (_origin, _targets, { message }) => {
      if (message === UNASKED) this.#saysMore = true;
    });
    this.#all.add(connection);
    return connection;
  }

  #giveBack(connection: Client): void {
    const next = this.#line.shift();
    if (next === undefined) this.#free.push(connection);
    else next.take(connection);
  }

  #wait(signal: AbortSignal): Promise<Client> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        take: (connection) => {
          signal.removeEventListener("abort", leave);
          resolve(connection);
        },
        refuse: (reason) => {
          signal.removeEventListener("abort", leave);
          reject(reason);
        },
      };
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#line.push(waiting);
    });
  }
}

function closed(cause?: unknown): ConnectionsClosedError {
  return new ConnectionsClosedError("the connections are closed", { cause });
}
