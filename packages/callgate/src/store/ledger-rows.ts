import {
  type Claim,
  type LedgerRow,
  type Move,
  OPEN_STATES,
  RECLAIMED_STATES,
  type WriteState,
} from "./ledger-port.ts";

/** The row that a claim makes where there is none. */
export function claimedRow(claim: Claim): LedgerRow {
  return {
    id: claim.id,
    subject: claim.subject,
    tenant: claim.tenant,
    tool: claim.tool,
    key: claim.key ?? claim.newKey,
    digest: claim.digest,
    state: "claimed",
    attempt: 1,
    owner: claim.owner,
    leaseUntil: claim.leaseUntil,
    callId: claim.callId,
    contractHash: claim.contractHash,
    createdAt: claim.now,
    updatedAt: claim.now,
    finishedAt: undefined,
    sealedOutcome: undefined,
    code: undefined,
    settledBy: undefined,
    note: undefined,
    approval: undefined,
    sealedRequest: undefined,
  };
}

/** The row after a move that took place. */
export function movedRow({ row, to, now, takeOver, ...change }: Move): LedgerRow {
  return {
    ...row,
    state: to,
    attempt: takeOver === undefined ? row.attempt : row.attempt + 1,
    owner: takeOver?.owner ?? row.owner,
    callId: takeOver?.callId ?? row.callId,
    updatedAt: now,
    finishedAt: isOpen(to) ? undefined : now,
    leaseUntil: change.leaseUntil ?? row.leaseUntil,
    sealedOutcome: change.sealedOutcome ?? row.sealedOutcome,
    code: change.code,
    settledBy: change.settledBy ?? row.settledBy,
    note: change.note ?? row.note,
    approval: change.approval ?? row.approval,
    sealedRequest: change.sealedRequest ?? row.sealedRequest,
  };
}

/** Whether the write's outcome is still to come. */
export function isOpen(state: WriteState): boolean {
  return (OPEN_STATES as readonly WriteState[]).includes(state);
}

/** Whether a claim of the same key may take the row over. */
export function isReclaimed(state: WriteState): boolean {
  return (RECLAIMED_STATES as readonly WriteState[]).includes(state);
}
