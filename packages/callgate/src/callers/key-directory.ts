import type { MaybePromise } from "../define/maybe-promise.ts";
import type { KeyRow, KeyStore } from "../store/key-port.ts";
import { hashKey, isLive } from "./api-key.ts";

const TOUCH_EVERY_MS = 5_000;

/** A live key; `ended` for one that is revoked or has expired; undefined for one that never was. */
export type FoundKey = KeyRow | "ended" | undefined;

/** Keys in memory, by hash. Read anew whenever any process has changed one, so a revoked key is refused at once. */
export class KeyDirectory {
  readonly #store: KeyStore;
  readonly #clock: () => number;
  readonly #uses = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #rows: ReadonlyMap<string, KeyRow> = new Map();
  #version: number | undefined;
  #loading: Promise<void> | undefined;

  constructor(store: KeyStore, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.#touch(), TOUCH_EVERY_MS).unref();
  }

  /**
   * The key behind a secret, by the hash of the whole of it: however near a wrong one is to a right one, finding none
   * takes as long. Synchronous unless keys have changed. Throws or rejects where the store does not say which keys there are.
   */
  find(secret: string): MaybePromise<FoundKey> {
    const hash = hashKey(secret);
    return this.#version === this.#store.version() ? this.#look(hash) : this.#loadAndLook(hash);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#touch();
  }

  #look(hash: string): FoundKey {
    const row = this.#rows.get(hash);
    if (row === undefined) return undefined;
    const now = this.#clock();
    if (!isLive(row, now)) return "ended";
    this.#uses.set(row.id, now);
    return row;
  }

  /** A change that came after the running read began needs a read of its own: nobody gets an answer older than the question. */
  async #loadAndLook(hash: string): Promise<FoundKey> {
    while (this.#version !== this.#store.version()) await this.#load();
    return this.#look(hash);
  }

  #load(): Promise<void> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<void> {
    const version = this.#store.version();
    const rows = await this.#store.list();
    const before = this.#rows;
    this.#rows = new Map(rows.map((row) => [row.hash, unlessChanged(before.get(row.hash), row)]));
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

/** The same object where a change was to another key: what is derived from a row stays with it. */
function unlessChanged(before: KeyRow | undefined, row: KeyRow): KeyRow {
  if (before === undefined) return row;
  const same = JSON.stringify({ ...before, lastUsedAt: 0 }) === JSON.stringify({ ...row, lastUsedAt: 0 });
  return same ? before : row;
}
