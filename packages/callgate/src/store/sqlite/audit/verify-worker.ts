import { workerData } from "node:worker_threads";
import { chainHashers } from "../../audit-chain.ts";
import { serveOneByOne } from "../threads/serve-one-by-one.ts";
import { yieldToOthers } from "../threads/yield-to-others.ts";
import type { KeeperWorkerData } from "./keeper-worker.ts";
import { verifyAudit } from "./verify-audit.ts";

serveOneByOne(() => {
  yieldToOthers();
  // The main thread starts this file with exactly this.
  const { folder, ...keys } = workerData as KeeperWorkerData;
  const hasherOf = chainHashers(keys);
  return {
    perform: () => verifyAudit(folder, hasherOf),
    close: () => undefined,
  };
});
