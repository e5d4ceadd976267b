import { rmSync } from "node:fs";
import { userInfo } from "node:os";
import { endOnSignals, openGate, serveHttp } from "callgate";
import { benchGate } from "./bench-gate.ts";
import { type BenchAccess, createKey, writeAccess } from "./bench-key.ts";

export interface ServeBenchGateOptions {
  readonly port: number;
  /** Where the gate keeps its store. */
  readonly folder: string;
  /** Written once the gate listens. */
  readonly accessFile: string;
  /** The Redis that counts its rates; left out: the gate itself does. */
  readonly redisUrl?: string;
}

/** Serves the gate under test until a signal ends it, and leaves address and key in a file. */
export async function serveBenchGate({
  port,
  folder,
  accessFile,
  redisUrl,
}: ServeBenchGateOptions): Promise<BenchAccess> {
  rmSync(accessFile, { force: true });
  const gate = await openGate(benchGate(folder, redisUrl), { localOperator: userInfo().username });
  const key = await createKey(gate);
  const served = await serveHttp(gate, { port });
  endOnSignals({ close: () => served.close(), say: (words) => console.error(words) });
  const access = { url: served.url, key };
  writeAccess(accessFile, access);
  return access;
}
