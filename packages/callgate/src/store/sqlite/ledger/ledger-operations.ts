import type { WriteValues } from "../../ledger/write-columns.ts";
import type { ClaimOutcome, WriteState } from "../../ledger-port.ts";

/** A claim on its way to the ledger's thread. */
export type ClaimOperation = readonly [
  name: "claim",
  id: string,
  subject: string,
  tenant: string | null,
  tool: string,
  key: string | null,
  newKey: string,
  digest: string,
  contractHash: string,
  callId: string,
  owner: string,
  now: number,
  leaseUntil: number,
  repeatSince: number | null,
];

/** How a claim ended, and the row as it is now; null where the claim has made it. */
export type ClaimReply = readonly [ClaimOutcome["kind"], WriteValues | null];

/** What every move says: the row by its id, attempt and the states it may be moved from, then what becomes of it. */
export type Change = readonly [
  id: string,
  attempt: number,
  from: WriteState,
  orFrom: WriteState,
  state: WriteState,
  now: number,
  leaseUntil: number,
  code: string | null,
];

/** A move of a row that was open and stays so; true where it took place. */
export type AdvanceOperation = readonly [name: "advance", ...Change, newAttempt: number, owner: string, callId: string];

/**
 * A move that changes what has to be decided of a row, or has been; true where it took place. A row without an approval
 * before has null there; a request that stays as it is comes as null.
 */
export type ApprovalOperation = readonly [
  name: "approval",
  ...Change,
  newAttempt: number,
  owner: string,
  callId: string,
  finishedAt: number | null,
  approvalBefore: string | null,
  approval: string,
  approvalId: string,
  sealedRequest: Uint8Array | null,
];

/** A move of a row to its end, or on from there; true where it took place. */
export type FinishOperation = readonly [
  name: "finish",
  ...Change,
  finishedAt: number | null,
  sealedOutcome: Uint8Array | null,
  settledBy: string | null,
  note: string | null,
];
