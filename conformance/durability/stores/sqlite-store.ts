import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { TriedStore } from "./tried-store.ts";

const holder = new URL("hold-files-worker.ts", import.meta.url);

/** Files in a folder, shared by the replicas of this machine. */
export function sqliteStore(folder: string): TriedStore {
  return {
    setting: { kind: "sqlite", path: join(folder, "gate.db") },
    hold: async (ms) => {
      const worker = new Worker(holder, { workerData: { paths: writtenFiles(folder), ms } });
      await once(worker, "exit");
    },
    strike: () => Promise.reject(new Error("files cannot be restarted")),
    close: () => Promise.resolve(),
  };
}

/** The ledger, and the audit's files. */
function writtenFiles(folder: string): readonly string[] {
  const audit = join(folder, "audit");
  const segments = readdirSync(audit).filter((name) => /^\d+\.db$/.test(name));
  return [join(folder, "gate.db"), ...segments.map((name) => join(audit, name))];
}
