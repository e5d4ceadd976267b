import { rmSync } from "node:fs";
import { userInfo } from "node:os";
import { endOnSignals, type GateConfig, openGate, serveHttp } from "callgate";
import { type BenchAccess, createKey, writeAccess } from "./bench-key.ts";

export interface ServeBenchGateOptions {
  readonly port: number;
  /** Written once the gate listens. */
  readonly accessFile: string;
}

/** Serves a gate under test until a signal ends it, and leaves address and key in a file. */
export async function serveBenchGate(
  config: GateConfig,
  { port, accessFile }: ServeBenchGateOptions,
): Promise<BenchAccess> {
  rmSync(accessFile, { force: true });
  const gate = await openGate(config, { localOperator: userInfo().username });
  const key = await createKey(gate);
  const served = await serveHttp(gate, { port });
  endOnSignals({ close: () => served.close(), say: (words) => console.error(words) });
  const access = { url: served.url, key };
  writeAccess(accessFile, access);
  return access;
}
