import { afterAll, beforeAll, describe } from "vitest";
import { findRedis } from "./redis-binary.ts";
import { RedisServer, type RedisServerOptions } from "./redis-server.ts";

/** A Redis of its own for the surrounding block of tests; ended after it. */
export function useRedis(options: RedisServerOptions = {}): () => RedisServer {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await RedisServer.start(options);
  });
  afterAll(() => server?.end());
  return () => {
    if (server === undefined) throw new Error("the server runs within tests and their hooks alone");
    return server;
  };
}

/**
 * A block of tests that needs Redis or Valkey. Where none is found it is skipped, and its name says why; where `CI` is
 * set it fails instead.
 */
export function describeWithRedis(name: string, tests: () => void): void {
  const missing = process.env["CI"] === undefined ? whyMissing() : undefined;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- both are the caller's
  describe.skipIf(missing !== undefined)(missing === undefined ? name : `${name} (not run: ${missing})`, tests);
}

function whyMissing(): string | undefined {
  try {
    findRedis();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
