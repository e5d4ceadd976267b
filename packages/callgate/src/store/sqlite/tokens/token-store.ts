import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { TokensTable } from "../../token-columns.ts";
import type { StoredToken, TokenChange, TokenLease, TokenStore } from "../../token-port.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";
import type { TokenOperation } from "./token-changes.ts";

/** Credentials in gate.db: changes go through the ledger's thread. Its processes share one machine, and so one clock. */
export class SqliteTokenStore implements TokenStore {
  readonly #channel: BatchChannel;
  readonly #select: StatementSync;

  constructor(channel: BatchChannel, reader: DatabaseSync) {
    this.#channel = channel;
    this.#select = reader.prepare("SELECT version, sealed, updated_at FROM upstream_tokens WHERE name = ?");
  }

  async get(name: string): Promise<StoredToken | undefined> {
    // A row of a strict table.
    const row = this.#select.get(name) as Pick<TokensTable, "version" | "sealed" | "updated_at"> | undefined;
    return row && { version: row.version, sealed: row.sealed ?? undefined, updatedAt: row.updated_at };
  }

  lease({ name, owner }: TokenLease, ms: number): Promise<boolean> {
    const now = Date.now();
    return this.#call(["token-lease", name, owner, now, now + ms]);
  }

  async release({ name, owner }: TokenLease): Promise<void> {
    await this.#call(["token-release", name, owner]);
  }

  put({ name, version, sealed, at }: TokenChange): Promise<boolean> {
    return this.#call(["token-put", name, version, sealed ?? null, at]);
  }

  #call(operation: TokenOperation): Promise<boolean> {
    return this.#channel.call<boolean>(operation);
  }
}
