import { workerData } from "node:worker_threads";
import { ChainHasher } from "../../audit-chain.ts";
import { serveOneByOne } from "../threads/serve-one-by-one.ts";
import { yieldToOthers } from "../threads/yield-to-others.ts";
import type { KeeperWorkerData } from "./keeper-worker.ts";
import { verifyAudit } from "./verify-audit.ts";

serveOneByOne(() => {
  yieldToOthers();
  // The main thread starts this file with exactly this.
  const { folder, chainKey, chainKeyId, olderChainKeys } = workerData as KeeperWorkerData;
  const hashers = new Map(
    [...olderChainKeys, [chainKeyId, chainKey] as const].map(([id, key]) => [id, new ChainHasher(key)]),
  );
  return {
    perform: () => verifyAudit(folder, (keyId) => hashers.get(keyId)),
    close: () => undefined,
  };
});
