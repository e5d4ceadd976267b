import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ownFile } from "../../../own-file.ts";
import type { AuditVerification } from "../../audit-port.ts";
import { StoreError } from "../../store-error.ts";
import type { VerifyReply, VerifyWorkerData } from "./verify-worker.ts";

/** Verifies the audit on a thread of its own, which is ended with the signal: it reads for minutes. */
export async function verifyApart(data: VerifyWorkerData, signal: AbortSignal): Promise<AuditVerification> {
  signal.throwIfAborted();
  const worker = new Worker(ownFile("store/postgres/audit/verify-worker.ts"), { workerData: data });
  try {
    // Rejects with what the thread throws.
    const [[found, problem]] = (await once(worker, "message", { signal })) as [VerifyReply];
    if (found === undefined) throw new StoreError("store_unavailable", `the audit cannot be verified: ${problem}`);
    return found;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await worker.terminate();
  }
}
