import { execFileSync } from "node:child_process";
import { PostgresServer } from "../../packages/callgate/src/store/postgres/testing/postgres-server.ts";

/** A PostgreSQL for the gates that keep their store there. */
export interface Databases {
  readonly newDatabase: () => Promise<string>;
  readonly end: () => Promise<void>;
}

/** Starts it on one core or several (`0,1`), with every commit on the disk. */
export async function startDatabases(core: number | string): Promise<Databases> {
  const server = await PostgresServer.start({ settings: { shared_buffers: "256MB", max_wal_size: "4GB" } });
  // All that it has started by now, and with that all that they will start.
  execFileSync("taskset", ["-acp", String(core), String(server.pid)], { stdio: "ignore" });
  return { newDatabase: () => server.newDatabase(), end: () => server.end() };
}
