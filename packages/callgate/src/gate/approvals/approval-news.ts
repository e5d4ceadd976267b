import type { ApprovalEvent, ApprovalNotice } from "../../define/approval.ts";
import { approvalOf } from "../../ledger/write-approvals.ts";
import type { ApprovalDecision, LedgerRow } from "../../store/ledger-port.ts";
import type { GateParts } from "../parts.ts";

/** Writes a person's word on a row that waits for it, and tells whoever follows it. Undefined: it waits no longer. */
export async function decideApproval(
  gate: GateParts,
  row: LedgerRow,
  decision: ApprovalDecision,
): Promise<LedgerRow | undefined> {
  const decided = await gate.ledger.approvals.decide(row, decision);
  if (decided === undefined) return undefined;
  tellOfApproval(gate, decision.verdict === "withdraw" ? "approval.withdrawn" : "approval.decided", decided);
  return decided;
}

/** Ends what nobody decided in time, or what was not used in time. Undefined: it has moved on. */
export async function lapseApproval(gate: GateParts, row: LedgerRow): Promise<LedgerRow | undefined> {
  const lapsed = await gate.ledger.approvals.lapse(row);
  if (lapsed !== undefined) tellOfApproval(gate, "approval.expired", lapsed);
  return lapsed;
}

/** Tells people by the gate's notifiers, and calls that wait for it on every replica. */
export function tellOfApproval(
  { store, notices, pages, ledger }: GateParts,
  event: ApprovalEvent,
  row: LedgerRow,
): void {
  const { id, level, user, expiresAt } = approvalOf(row);
  const request = ledger.approvals.requestOf(row);
  if (event !== "approval.requested")
    store.signals.publish({ topic: "approval-decided", approval: id, subject: row.subject });
  notices.tell({
    event,
    at: new Date(row.updatedAt).toISOString(),
    approvalId: id,
    link: pages.approval(id),
    tool: row.tool,
    domain: request?.domain ?? "",
    level,
    askedBy: row.subject,
    forUser: user,
    tenant: row.tenant,
    reason: request?.reason,
    expiresAt: new Date(expiresAt).toISOString(),
    state: stateOf(row),
    preview: request?.preview,
  });
}

/** What a notice says of a row: one that waits for a second person has been decided by one, and still waits. */
function stateOf({ state }: LedgerRow): ApprovalNotice["state"] {
  return state === "approved" || state === "denied" || state === "expired" || state === "withdrawn"
    ? state
    : "awaiting";
}
