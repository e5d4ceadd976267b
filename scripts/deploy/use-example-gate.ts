import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import config from "../../examples/rentals/src/callgate.config.ts";
import { openGate, type ServedGate, serveHttp, sqlite } from "../../packages/callgate/src/index.ts";

// What `server.drainDelayMs` is unless said otherwise.
const DEFAULT_DRAIN_DELAY_MS = 3_000;

/** The gate that the files run, while the tests of a file do. */
export interface ExampleGate {
  readonly url: string;
  /** What it may take to end after SIGTERM, in seconds. */
  readonly graceSeconds: number;
}

/** Serves the example's gate for the tests of a file. */
export function useExampleGate(): ExampleGate {
  const folder = mkdtempSync(join(tmpdir(), "callgate-deploy-"));
  let served: ServedGate | undefined;
  let graceMs = 0;
  beforeAll(async () => {
    process.env["RENTALS_DB"] = join(folder, "rentals.db");
    const gate = await openGate({ ...config, store: sqlite(join(folder, "gate.db")) });
    graceMs = gate.graceMs;
    served = await serveHttp(gate, { port: 0 });
  }, 60_000);
  afterAll(async () => {
    await served?.close();
    rmSync(folder, { recursive: true });
  });
  return {
    get url() {
      return served?.url ?? "";
    },
    get graceSeconds() {
      const { drainDelayMs = DEFAULT_DRAIN_DELAY_MS } = config.server ?? {};
      return (drainDelayMs + graceMs) / 1_000;
    },
  };
}
