import { Worker } from "node:worker_threads";
import { ownFile } from "../../../own-file.ts";
import { StoreError, type StoreErrorCode } from "../../store-error.ts";

/** The threads of the store, each with an entry file of its own. */
export type WorkerEntry =
  | "ledger/ledger-worker"
  | "audit/append-worker"
  | "audit/search-worker"
  | "audit/keeper-worker"
  | "audit/verify-worker";

/** What a worker says first: that it is ready, or why it cannot open its files. */
export type WorkerGreeting = readonly ["ready"] | readonly ["refused", StoreErrorCode, string];

/** Batches live for a moment: with the default each thread would let 48 MB of them gather before it cleans up. */
const YOUNG_GENERATION_MB = 6;

/** Starts a thread of the store. Resolves once its files are open; rejects with the reason why they are not. */
export function startWorker(entry: WorkerEntry, workerData: unknown): Promise<Worker> {
  const worker = new Worker(ownFile(`store/sqlite/${entry}.ts`), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  return new Promise((resolve, reject) => {
    const fail = (error: StoreError): void => {
      void worker.terminate();
      reject(error);
    };
    const onError = (cause: unknown): void =>
      fail(new StoreError("store_unavailable", `${entry} did not start`, { cause }));
    const onExit = (code: number): void =>
      fail(new StoreError("store_unavailable", `${entry} ended at its start (${code})`));
    worker.once("error", onError);
    worker.once("exit", onExit);
    worker.once("message", (greeting: WorkerGreeting) => {
      worker.off("error", onError);
      worker.off("exit", onExit);
      if (greeting[0] === "ready") resolve(worker);
      else fail(new StoreError(greeting[1], greeting[2]));
    });
  });
}
