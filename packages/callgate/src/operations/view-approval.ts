import type { ApprovalDeed, ApprovalSummary, ApprovalView, ApprovalViewState } from "../approvals/approval-view.ts";
import { mayDecide, mayWithdraw } from "../approvals/may-decide.ts";
import { previewLine } from "../approvals/preview-line.ts";
import { CallError } from "../define/call-error.ts";
import type { Subject } from "../define/subject.ts";
import { approvalOf } from "../ledger/write-approvals.ts";
import type { WriteLedger } from "../ledger/write-ledger.ts";
import type { LedgerRow, ListedWrite } from "../store/ledger-port.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

/** Who looks, at what time, by which ledger. */
export interface Looking {
  readonly subject: Subject;
  readonly ledger: WriteLedger;
  readonly now: number;
}

/**
 * Whether this subject may know of a request: whoever may decide it, has decided it, asked for it, or is the person it
 * is for. For everybody else it does not exist.
 */
export function mayKnow(subject: Subject, row: ListedWrite): boolean {
  if (row.approval === undefined || subject.kind !== "person") return false;
  if (mayDecide(subject, row) !== undefined || mayWithdraw(subject, row)) return true;
  const sameTenant = subject.tenant === undefined || subject.tenant === row.tenant;
  return sameTenant && row.approval.decisions.some(({ by }) => by === subject.id);
}

/** The write that asks under this id, where this subject may know of it. */
export async function findApproval({ subject, ledger }: Looking, id: string): Promise<LedgerRow> {
  const row = await ledger.byApproval(id);
  if (row !== undefined && mayKnow(subject, row)) return row;
  throw new CallError("unknown_approval", `There is no approval ${id} for you.`, {
    category: "validation",
    next: "Call list_approvals for those that are.",
  });
}

export function toSummary(row: LedgerRow, { subject, ledger, now }: Looking): ApprovalSummary {
  const { id, level, user, askedAt, expiresAt } = approvalOf(row);
  const request = ledger.approvals.requestOf(row);
  const state = viewState(row, now);
  return {
    approval_id: id,
    tool: row.tool,
    domain: request?.domain ?? "",
    level,
    state,
    asked_by: row.subject,
    requested_at: isoTime(askedAt),
    expires_at: isoTime(expiresAt),
    you_may: deedsOf(subject, row, state),
    ...present({
      title: request?.title,
      for_user: user,
      reason: request?.reason,
      would: request && previewLine(request.preview),
    }),
  };
}

export function toApproval(row: LedgerRow, looking: Looking): ApprovalView {
  const request = looking.ledger.approvals.requestOf(row);
  if (request === undefined) throw new Error(`the write ${row.id} asks for an approval, and does not say of what`);
  const { planHash, decisions } = approvalOf(row);
  const { effect, because, preview, contractHash, callId, client } = request;
  return {
    ...toSummary(row, looking),
    effect,
    because,
    preview,
    plan_hash: planHash,
    contract_hash: contractHash,
    write_id: row.id,
    call_id: callId,
    decisions: decisions.map(({ verdict, by, as, at, note }) => ({
      verdict,
      by,
      as,
      at: isoTime(at),
      ...present({ note }),
    })),
    ...present({ arguments: request.arguments, client }),
  };
}

/** A row that is taken up again under its key still has its last request, until it asks anew. */
function viewState(row: LedgerRow, now: number): ApprovalViewState {
  const { expiresAt, spentAt, decisions } = approvalOf(row);
  switch (row.state) {
    case "awaiting":
    case "approved":
      return expiresAt <= now ? "expired" : row.state;
    case "denied":
    case "expired":
    case "withdrawn":
      return row.state;
    case "claimed":
    case "released":
      if (spentAt !== undefined) return "used";
      return decisions.at(-1)?.verdict === "withdraw" ? "withdrawn" : "expired";
    case "running":
    case "done":
    case "failed":
    case "unknown":
      return "used";
  }
}

function deedsOf(subject: Subject, row: LedgerRow, state: ApprovalViewState): readonly ApprovalDeed[] {
  const deeds: ApprovalDeed[] = [];
  if (state === "awaiting" && mayDecide(subject, row) !== undefined) deeds.push("approve", "deny");
  if ((state === "awaiting" || state === "approved") && mayWithdraw(subject, row)) deeds.push("withdraw");
  return deeds;
}
