import { join } from "node:path";
import { PostgresServer } from "../../../packages/callgate/src/store/postgres/testing/postgres-server.ts";
import type { TriedStore } from "./tried-store.ts";

/** A PostgreSQL of the run's own. The folder is for the key ring, which replicas share. */
export async function postgresStore(folder: string): Promise<TriedStore> {
  const server = await PostgresServer.start();
  return {
    setting: { kind: "postgres", url: server.urlOf("postgres"), folder: join(folder, "gate") },
    hold: (ms) => holdTables(server, ms),
    strike: async (how) => {
      if (how === "restart") return server.restart();
      await server.kill();
      await server.start();
    },
    close: () => server.end(),
  };
}

/** Keeps writers out of the ledger and the audit. Where the database goes away meanwhile, so does the hold. */
async function holdTables(server: PostgresServer, ms: number): Promise<void> {
  try {
    await server.query(`DO $$ BEGIN
      LOCK TABLE callgate.writes, callgate.audit_rows IN SHARE MODE;
      PERFORM pg_sleep(${ms / 1_000});
    END $$`);
  } catch (error) {
    if (!isAway(error)) throw error;
  }
}

/** The server is down, starts, or ended the connection. */
function isAway(error: unknown): boolean {
  const { code = "", message } = error as Error & { readonly code?: string };
  return /^(ECONN|EPIPE|57P|08)/.test(code) || message.startsWith("Connection terminated");
}
