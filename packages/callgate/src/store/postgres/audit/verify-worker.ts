import { parentPort, workerData } from "node:worker_threads";
import { type ChainKeys, chainHashers } from "../../audit-chain.ts";
import type { AuditVerification } from "../../audit-port.ts";
import type { PostgresAddress } from "../database/address.ts";
import { Connections } from "../database/connections.ts";
import { verifyAudit } from "./verify-audit.ts";

/** What the verifying thread is started with. */
export interface VerifyWorkerData extends ChainKeys {
  readonly address: PostgresAddress;
  readonly schema: string;
}

/** What it says, once: what it found, or why it found nothing. */
export type VerifyReply = readonly [found: AuditVerification] | readonly [found: undefined, message: string];

// The main thread starts this file with exactly this.
const { address, schema, ...keys } = workerData as VerifyWorkerData;
try {
  const named = { applicationName: "callgate verify", max: 1, statementMs: 60_000 };
  const connections = await Connections.open({ address, schema, ...named });
  const found = await verifyAudit(connections, chainHashers(keys));
  await connections.close();
  parentPort?.postMessage([found] satisfies VerifyReply);
} catch (error) {
  parentPort?.postMessage([undefined, error instanceof Error ? error.message : String(error)] satisfies VerifyReply);
}
