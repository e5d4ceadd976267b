import { workerData } from "node:worker_threads";
import { ChainHasher } from "../../audit-chain.ts";
import { serveBatches } from "../threads/serve-batches.ts";
import { yieldToOthers } from "../threads/yield-to-others.ts";
import type { KeeperWorkerData } from "./keeper-worker.ts";
import { verifyAudit } from "./verify-audit.ts";

serveBatches(() => {
  yieldToOthers();
  // The main thread starts this file with exactly this.
  const { folder, chainKey, chainKeyId, olderChainKeys } = workerData as KeeperWorkerData;
  const hashers = new Map(
    [...olderChainKeys, [chainKeyId, chainKey] as const].map(([id, key]) => [id, new ChainHasher(key)]),
  );
  return {
    run: () => [[verifyAudit(folder, (keyId) => hashers.get(keyId))], null, false],
    close: () => undefined,
  };
});
