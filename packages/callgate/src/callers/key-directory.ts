import type { KeyRow, KeyStore } from "../store/key-port.ts";
import { hashKey, isLive } from "./api-key.ts";

const TOUCH_EVERY_MS = 5_000;

/** Keys in memory, by hash. Read anew whenever any process has changed one, so a revoked key is refused at once. */
export class KeyDirectory {
  readonly #store: KeyStore;
  readonly #clock: () => number;
  readonly #rows = new Map<string, KeyRow>();
  readonly #uses = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #version: number | undefined;
  #loading: Promise<void> | undefined;

  constructor(store: KeyStore, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.#touch(), TOUCH_EVERY_MS).unref();
  }

  /** The live key behind a secret. Known, unknown and expired keys take the same steps; synchronous unless keys have changed. */
  find(secret: string): KeyRow | undefined | Promise<KeyRow | undefined> {
    const hash = hashKey(secret);
    if (this.#version !== this.#store.version()) return this.#load().then(() => this.#live(hash));
    return this.#live(hash);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#touch();
  }

  #live(hash: string): KeyRow | undefined {
    const row = this.#rows.get(hash);
    const now = this.#clock();
    if (row === undefined || !isLive(row, now)) return undefined;
    this.#uses.set(row.id, now);
    return row;
  }

  /** One read at a time; a change that comes while it runs is seen by the next call. */
  #load(): Promise<void> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<void> {
    const version = this.#store.version();
    const rows = await this.#store.list();
    this.#rows.clear();
    for (const row of rows) this.#rows.set(row.hash, row);
    this.#version = version;
  }

  async #touch(): Promise<void> {
    if (this.#uses.size === 0) return;
    const uses = new Map(this.#uses);
    this.#uses.clear();
    // When a key was last used is a help to people, not a promise: a store that is away loses some.
    await this.#store.touch(uses).catch(() => undefined);
  }
}
