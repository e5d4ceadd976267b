import type { StoredToken, TokenChange, TokenLease, TokenStore } from "../../token-port.ts";
import type { Connections } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

/** The server's clock: those of the replicas may differ by more than a lease lasts. */
const NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** Credentials on PostgreSQL. */
export class PostgresTokenStore implements TokenStore {
  readonly #writing: Connections;

  constructor(writing: Connections) {
    this.#writing = writing;
  }

  async get(name: string): Promise<StoredToken | undefined> {
    const text = "SELECT version, sealed, updated_at FROM upstream_tokens WHERE name = $1";
    const [row] = await persist(() => this.#writing.run({ text, values: [name] }));
    if (row === undefined) return undefined;
    const [version, sealed, updatedAt] = row;
    return {
      version: Number(version),
      sealed: sealed instanceof Uint8Array ? sealed : undefined,
      updatedAt: Number(updatedAt),
    };
  }

  /** Sent again, it finds the lease as its own. */
  async lease({ name, owner }: TokenLease, ms: number): Promise<boolean> {
    const text = `INSERT INTO upstream_tokens AS known (name, version, updated_at, owner, lease_until)
      VALUES ($1, 0, ${NOW}, $2, ${NOW} + $3::bigint)
      ON CONFLICT (name) DO UPDATE SET owner = $2, lease_until = ${NOW} + $3::bigint
        WHERE known.owner IS NULL OR known.owner = $2 OR known.lease_until <= ${NOW}
      RETURNING name`;
    return (await persist(() => this.#writing.run({ text, values: [name, owner, ms] }))).length === 1;
  }

  async release({ name, owner }: TokenLease): Promise<void> {
    const text = "UPDATE upstream_tokens SET owner = NULL, lease_until = 0 WHERE name = $1 AND owner = $2";
    await persist(() => this.#writing.run({ text, values: [name, owner] }));
  }

  /** Sealed bytes are never the same twice: sent again, it knows its own. */
  put({ name, version, sealed, at }: TokenChange): Promise<boolean> {
    const bytes = sealed ?? null;
    return persist(async (isRepeat) => {
      const changed = await this.#writing.run({
        text: `UPDATE upstream_tokens SET version = version + 1, sealed = $3, updated_at = $4
          WHERE name = $1 AND version = $2 RETURNING name`,
        values: [name, version, bytes, at],
      });
      if (changed.length === 1 || !isRepeat) return changed.length === 1;
      const text = "SELECT 1 FROM upstream_tokens WHERE name = $1 AND version = $2 AND sealed IS NOT DISTINCT FROM $3";
      return (await this.#writing.run({ text, values: [name, version + 1, bytes] })).length === 1;
    });
  }
}
