import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallLog } from "../define/context.ts";
import type { GateConfig } from "../define/gate-config.ts";
import { file } from "../define/secret.ts";
import type { Gate } from "../gate/open/create-gate.ts";
import { openGate } from "../operations/open-gate.ts";
import { createRingFile } from "../secrets/ring-file.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";

/**
 * Opens a gate as its config declares it, with its own tools, on a store that is thrown away, looks at it, and closes it:
 * no backend is started, no rate is shared, and what the gate has on record is left alone.
 */
export async function withOpened<Seen>(config: GateConfig, look: (gate: Gate) => Seen): Promise<Seen> {
  return withPassingStore(config, async (passing) => {
    const gate = await openGate(passing, { serve: "operations", log: SILENT });
    try {
      return look(gate);
    } finally {
      await gate.close();
    }
  });
}

/** The same config on a store and a key ring of its own, which are gone afterwards. */
export async function withPassingStore<Value>(
  config: GateConfig,
  work: (config: GateConfig) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), "callgate-check-"));
  try {
    const ring = join(folder, "keyring.json");
    createRingFile(ring);
    return await work({ ...config, keyRing: file(ring), store: sqlite(join(folder, "gate.db")) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const nothing = (): void => {};

/** A check says in its own words what is wrong. */
export const SILENT: CallLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
