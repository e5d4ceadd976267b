import type { KeyRow, KeyStore } from "../../key-port.ts";
import type { KeysTable } from "../../keys/key-columns.ts";
import { keyColumns, toKeyRow, toKeyValues } from "../../keys/key-columns.ts";
import type { Signals } from "../../signals-port.ts";
import { StoreError } from "../../store-error.ts";
import { type Connections, quoted, type Row, type RunStatement } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

/** How long another gate's change of keys may go unnoticed where its signal is lost. */
const LOOK_EVERY_MS = 250;

const columns = keyColumns.map(quoted).join(", ");
const parameters = keyColumns.map((_, index) => `$${index + 1}`).join(", ");
const select = `SELECT ${columns} FROM keys`;

/**
 * Keys in PostgreSQL. A change is one transaction that also counts it, so that every gate hears of it. They are read on the
 * connections that write: who may call is not found out behind somebody's search.
 */
export class PostgresKeyStore implements KeyStore {
  readonly #connections: Connections;
  readonly #signals: Signals;
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #version = 0;
  #looking = false;
  #lookWanted = false;

  private constructor(connections: Connections, signals: Signals) {
    this.#connections = connections;
    this.#signals = signals;
    signals.subscribe(({ topic }) => {
      if (topic === "keys-changed" || topic === "missed") void this.#look();
    });
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  static async open(connections: Connections, signals: Signals): Promise<PostgresKeyStore> {
    const store = new PostgresKeyStore(connections, signals);
    await store.#look();
    return store;
  }

  insert(row: KeyRow): Promise<void> {
    return this.#change((run, isRepeat) => insertKey(run, row, isRepeat));
  }

  rotate(predecessor: string, successor: KeyRow, predecessorExpiresAt: number): Promise<void> {
    return this.#change(async (run, isRepeat) => {
      const [found] = await run({
        text: "SELECT revoked_at, replaced_by FROM keys WHERE id = $1 FOR UPDATE",
        values: [predecessor],
      });
      if (found === undefined) throw new StoreError("store_conflict", `there is no key ${predecessor}`);
      const [revokedAt, replacedBy] = found;
      if (isRepeat && replacedBy === successor.id) return;
      if (revokedAt !== null) throw new StoreError("store_conflict", `the key ${predecessor} is revoked`);
      if (replacedBy !== null)
        throw new StoreError("store_conflict", `the key ${predecessor} has been replaced already`);
      await insertKey(run, successor, false);
      await run({
        text: "UPDATE keys SET expires_at = $2, replaced_by = $3 WHERE id = $1",
        values: [predecessor, predecessorExpiresAt, successor.id],
      });
    });
  }

  async revoke(id: string, at: number): Promise<boolean> {
    let revoked = false;
    await this.#change(async (run, isRepeat) => {
      const done = await run({
        text: "UPDATE keys SET revoked_at = $2 WHERE id = $1 AND (revoked_at IS NULL OR ($3 AND revoked_at = $2)) RETURNING 1",
        values: [id, at, isRepeat],
      });
      revoked = done.length > 0;
      return revoked;
    });
    return revoked;
  }

  byHash(hash: string): Promise<KeyRow | undefined> {
    return this.#one("hash", hash);
  }

  byId(id: string): Promise<KeyRow | undefined> {
    return this.#one("id", id);
  }

  byWriteKey(writeKey: string): Promise<KeyRow | undefined> {
    return this.#one("write_key", writeKey);
  }

  async list(): Promise<readonly KeyRow[]> {
    const rows = await persist(() => this.#connections.run({ text: `${select} ORDER BY created_at, id COLLATE "C"` }));
    return rows.map(fromValues);
  }

  async touch(uses: ReadonlyMap<string, number>): Promise<void> {
    if (uses.size === 0) return;
    // In one order everywhere, so that two gates never wait for each other.
    const sorted = [...uses].toSorted(([one], [other]) => (one < other ? -1 : 1));
    await persist(() =>
      this.#connections.run({
        text: `WITH used AS (
            SELECT keys.id, given.at FROM keys JOIN unnest($1::text[], $2::bigint[]) AS given (id, at) ON keys.id = given.id
            ORDER BY keys.id FOR UPDATE OF keys
          ) UPDATE keys SET last_used_at = used.at FROM used WHERE keys.id = used.id`,
        values: [sorted.map(([id]) => id), sorted.map(([, at]) => at)],
      }),
    );
  }

  version(): number {
    return this.#version;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A change that gives false has changed nothing, and is not counted. */
  async #change(change: (run: RunStatement, isRepeat: boolean) => Promise<unknown>): Promise<void> {
    const version = await persist((isRepeat) =>
      this.#connections.transaction(async (run) => {
        if ((await change(run, isRepeat)) === false) return undefined;
        const [row] = await run({ text: "UPDATE key_version SET version = version + 1 RETURNING version" });
        return Number(row?.[0]);
      }),
    );
    if (version === undefined) return;
    this.#version = Math.max(this.#version, version);
    this.#signals.publish({ topic: "keys-changed" });
    for (const listener of this.#listeners) listener();
  }

  // What changes while the server is asked may be too new for its answer.
  async #look(): Promise<void> {
    this.#lookWanted = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#lookWanted) {
        this.#lookWanted = false;
        const [row] = await this.#connections.run({ name: "key-version", text: "SELECT version FROM key_version" });
        this.#version = Math.max(this.#version, Number(row?.[0]));
      }
    } catch {
      // A server that does not answer is asked again at the next turn.
    } finally {
      this.#looking = false;
    }
  }

  async #one(column: "id" | "hash" | "write_key", value: string): Promise<KeyRow | undefined> {
    const statement = { name: `key-by-${column}`, text: `${select} WHERE ${column} = $1`, values: [value] };
    const [row] = await persist(() => this.#connections.run(statement));
    return row === undefined ? undefined : fromValues(row);
  }
}

async function insertKey(run: RunStatement, row: KeyRow, isRepeat: boolean): Promise<void> {
  const values = toKeyValues(row);
  const made = await run({
    text: `INSERT INTO keys (${columns}) VALUES (${parameters}) ON CONFLICT DO NOTHING RETURNING 1`,
    values,
  });
  if (made.length > 0) return;
  if (isRepeat) {
    const own = await run({ text: "SELECT 1 FROM keys WHERE id = $1 AND hash = $2", values: [row.id, row.hash] });
    if (own.length > 0) return;
  }
  throw new StoreError("store_conflict", `there is a key with the id, hash or write key of ${row.id} already`);
}

function fromValues(values: Row): KeyRow {
  // The select names keyColumns, and the table was made with their types.
  return toKeyRow(
    Object.fromEntries(keyColumns.map((column, index) => [column, values[index]])) as unknown as KeysTable,
  );
}
