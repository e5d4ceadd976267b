import { z } from "zod";
import { mayWithdraw } from "../approvals/may-decide.ts";
import { CallError } from "../define/call-error.ts";
import type { Domain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import { approvalOf } from "../ledger/write-approvals.ts";
import type { WriteLedger } from "../ledger/write-ledger.ts";
import type { ApprovalDecision, LedgerRow } from "../store/ledger-port.ts";
import { Approval, ApprovalId, MOST_APPROVAL_BYTES } from "./approval-schemas.ts";
import { findApproval, type Looking, toApproval, toSummary } from "./view-approval.ts";

export function addWithdrawApproval(approvals: Domain<WriteLedger>, insides: GateInsides): void {
  approvals.write("withdraw_approval", {
    description:
      "Take back a request that you made, or that was made for you, before the write has begun. Nothing is done then.",
    kinds: ["person"],
    repeat: "allow",
    input: z.object({ approval_id: ApprovalId, note: z.string().min(1).max(1_000).optional() }),
    output: Approval,
    maxResultBytes: MOST_APPROVAL_BYTES,
    plan: async ({ approval_id, note }, { subject, backend }) => {
      const looking = { subject, ledger: backend, now: insides.clock() };
      const row = await findApproval(looking, approval_id);
      if (!isWithdrawnBy(row, looking)) refuseOver(row, looking);
      return {
        preview: { action: "withdraw_approval", tool: row.tool, asked_by: row.subject, note },
        approval_id,
        note,
      };
    },
    commit: async ({ approval_id, note }, { subject, backend }) => {
      for (;;) {
        const looking = { subject, ledger: backend, now: insides.clock() };
        const row = await findApproval(looking, approval_id);
        if (isWithdrawnBy(row, looking)) return toApproval(row, looking);
        refuseOver(row, looking);
        const withdrawn = await insides.decide(row, withdrawal(looking, row, note));
        if (withdrawn !== undefined) return toApproval(withdrawn, looking);
      }
    },
    // Not asked: commit itself sees whether it was withdrawn already.
    lookup: () => undefined,
  });
}

function withdrawal({ subject, now }: Looking, { approval }: LedgerRow, note: string | undefined): ApprovalDecision {
  const { id, user } = subject;
  const as = user !== undefined && user === approval?.user ? "owner" : "client";
  return { verdict: "withdraw", by: id, as, at: now, ...(user && { user }), ...(note !== undefined && { note }) };
}

function isWithdrawnBy(row: LedgerRow, looking: Looking): boolean {
  const { by } = approvalOf(row).decisions.at(-1) ?? {};
  return toSummary(row, looking).state === "withdrawn" && by === looking.subject.id;
}

function refuseOver(row: LedgerRow, looking: Looking): void {
  const { state } = toSummary(row, looking);
  const isOpen = state === "awaiting" || state === "approved";
  if (isOpen && mayWithdraw(looking.subject, row)) return;
  const why = isOpen ? "it is not yours" : `it is ${state}`;
  throw new CallError("not_to_withdraw", `${approvalOf(row).id} cannot be withdrawn: ${why}.`, {
    next: "Call get_approval to see where it stands.",
  });
}
