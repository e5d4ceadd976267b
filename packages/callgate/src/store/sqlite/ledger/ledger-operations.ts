import type { ClaimOutcome, WriteState } from "../../ledger-port.ts";
import type { WriteValues } from "./write-columns.ts";

/** A claim on its way to the ledger's thread. */
export type ClaimOperation = readonly [
  name: "claim",
  id: string,
  subject: string,
  tool: string,
  key: string | null,
  newKey: string,
  digest: string,
  contractHash: string,
  callId: string,
  owner: string,
  now: number,
  leaseUntil: number,
  expiresAt: number,
  repeatSince: number | null,
];

/** A compare-and-set on its way; null: leave as it is. */
export type MoveOperation = readonly [
  name: "move",
  id: string,
  attempt: number,
  from: readonly WriteState[],
  to: WriteState,
  now: number,
  leaseUntil: number | null,
  expiresAt: number | null,
  sealedPlan: Uint8Array | null,
  sealedOutcome: Uint8Array | null,
  code: string | null,
  settledBy: string | null,
  note: string | null,
  owner: string | null,
  callId: string | null,
];

/** How a claim ended, and the row as it is now. */
export type ClaimReply = readonly [ClaimOutcome["kind"], WriteValues];
