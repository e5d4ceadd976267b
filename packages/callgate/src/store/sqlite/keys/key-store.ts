import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyRow, KeyStore } from "../../key-port.ts";
import type { KeysTable } from "../../keys/key-columns.ts";
import { keyColumns, toKeyRow, toKeyValues } from "../../keys/key-columns.ts";
import type { Operation } from "../threads/batch.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";

/** How long another process's change of keys may go unnoticed. */
const LOOK_EVERY_MS = 50;

/**
 * Keys in gate.db: changes go through the ledger's thread, reads are made here, where they take microseconds.
 * The reads are too plain to load a query builder into the main thread for them.
 */
export class SqliteKeyStore implements KeyStore {
  readonly #channel: BatchChannel;
  readonly #byHash: StatementSync;
  readonly #byId: StatementSync;
  readonly #byWriteKey: StatementSync;
  readonly #all: StatementSync;
  readonly #dataVersion: StatementSync;
  readonly #keyVersion: StatementSync;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #seen: unknown;
  #lookAgainAt = 0;

  constructor(channel: BatchChannel, reader: DatabaseSync) {
    const select = `SELECT ${keyColumns.join(", ")} FROM keys`;
    this.#channel = channel;
    this.#byHash = reader.prepare(`${select} WHERE hash = ?`);
    this.#byId = reader.prepare(`${select} WHERE id = ?`);
    this.#byWriteKey = reader.prepare(`${select} WHERE write_key = ?`);
    this.#all = reader.prepare(`${select} ORDER BY created_at, id`);
    this.#dataVersion = reader.prepare("PRAGMA data_version");
    this.#keyVersion = reader.prepare("SELECT version FROM key_version");
  }

  async insert(row: KeyRow): Promise<void> {
    await this.#change(["key-insert", ...toKeyValues(row)]);
  }

  async rotate(predecessor: string, successor: KeyRow, predecessorExpiresAt: number): Promise<void> {
    await this.#change(["key-rotate", predecessor, predecessorExpiresAt, ...toKeyValues(successor)]);
  }

  revoke(id: string, at: number): Promise<boolean> {
    return this.#change(["key-revoke", id, at]);
  }

  async byHash(hash: string): Promise<KeyRow | undefined> {
    return this.#one(this.#byHash, hash);
  }

  async byId(id: string): Promise<KeyRow | undefined> {
    return this.#one(this.#byId, id);
  }

  async byWriteKey(writeKey: string): Promise<KeyRow | undefined> {
    return this.#one(this.#byWriteKey, writeKey);
  }

  async list(): Promise<readonly KeyRow[]> {
    return this.#all.all().map((row) => toKeyRow(row as unknown as KeysTable));
  }

  async touch(uses: ReadonlyMap<string, number>): Promise<void> {
    if (uses.size > 0) await this.#channel.call(["key-touch", ...[...uses].flat()]);
  }

  version(): number {
    const now = performance.now();
    if (now >= this.#lookAgainAt) {
      this.#lookAgainAt = now + LOOK_EVERY_MS;
      this.#look();
    }
    return this.#version;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #change(operation: Operation): Promise<boolean> {
    const changed = await this.#channel.call<boolean>(operation);
    if (changed) {
      this.#lookAgainAt = 0;
      for (const listener of this.#listeners) listener();
    }
    return changed;
  }

  // data_version moves with every commit on the file, writes of the ledger too; only then is the counter worth a read.
  #look(): void {
    const seen = this.#dataVersion.get()?.["data_version"];
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#version = Number(this.#keyVersion.get()?.["version"]);
  }

  #one(statement: StatementSync, value: string): KeyRow | undefined {
    const row = statement.get(value);
    // The select names the table's columns, and the table is strict.
    return row === undefined ? undefined : toKeyRow(row as unknown as KeysTable);
  }
}
