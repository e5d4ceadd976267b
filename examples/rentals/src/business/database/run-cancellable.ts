import { setTimeout as delay } from "node:timers/promises";
import type { CompiledQuery } from "kysely";
import { Client, type Pool } from "pg";

const ASK_AGAIN_MS = 250;

/** A pool, and the address it connects to. */
export interface PooledDatabase {
  readonly pool: Pool;
  readonly url: string;
}

/**
 * Runs a query that ends in the database when the signal is aborted. Rejects with the signal's reason, and only once the query
 * is gone: over another connection PostgreSQL is asked to cancel it, again and again until it is.
 */
export async function runCancellable<Row>(
  { pool, url }: PooledDatabase,
  { sql, parameters }: CompiledQuery<Row>,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  signal.throwIfAborted();
  const client = await pool.connect();
  const over = new AbortController();
  let cancelling: Promise<void> | undefined;
  try {
    const { rows: sessions } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    signal.throwIfAborted();
    const begin = (): void => {
      cancelling = cancel(url, sessions[0]?.pid, over.signal);
    };
    signal.addEventListener("abort", begin, { once: true, signal: over.signal });
    const { rows } = await client.query(sql, [...parameters]);
    return rows as Row[];
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
    // A word that is still on its way would end the next query of this connection.
    await cancelling;
    client.release();
  }
}

async function cancel(url: string, pid: number | undefined, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    // Not out of the pool: all of it may be in use, by queries as long as this one.
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("SELECT pg_cancel_backend($1)", [pid]);
    } catch {
      // The database is away or full, and with luck the query with it: it is asked again until the query has ended.
    } finally {
      await client.end();
    }
    await delay(ASK_AGAIN_MS, undefined, { signal: over }).catch(() => {});
  }
}
