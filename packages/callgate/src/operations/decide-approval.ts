import { z } from "zod";
import { mayDecide } from "../approvals/may-decide.ts";
import { CallError } from "../define/call-error.ts";
import type { Domain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import { approvalOf } from "../ledger/write-approvals.ts";
import type { WriteLedger } from "../ledger/write-ledger.ts";
import type { ApprovalDecision, LedgerRow } from "../store/ledger-port.ts";
import { Approval, ApprovalId, MOST_APPROVAL_BYTES } from "./approval-schemas.ts";
import { findApproval, type Looking, toApproval, toSummary } from "./view-approval.ts";

/** What one person says of one request. */
interface Said {
  readonly approvalId: string;
  readonly verdict: "approve" | "deny";
  readonly note: string | undefined;
}

export function addDecideApproval(approvals: Domain<WriteLedger>, insides: GateInsides): void {
  approvals.write("decide_approval", {
    description:
      "Approve or deny one write that waits for your word, after reading its preview with get_approval. It is recorded as yours " +
      "and cannot be taken back once the write has begun.",
    kinds: ["person"],
    repeat: "allow",
    input: z.object({
      approval_id: ApprovalId,
      decision: z.enum(["approve", "deny"]),
      note: z.string().min(1).max(1_000).optional().describe("Why; whoever asked is told when you deny"),
    }),
    output: Approval,
    maxResultBytes: MOST_APPROVAL_BYTES,
    plan: async ({ approval_id, decision, note }, { subject, backend }) => {
      const looking = { subject, ledger: backend, now: insides.clock() };
      const said: Said = { approvalId: approval_id, verdict: decision, note };
      const row = await findApproval(looking, approval_id);
      if (!isSaid(row, said, looking)) refuseDecided(row, looking);
      const { preview, asked_by, for_user, tool, reason } = toApproval(row, looking);
      return {
        preview: { action: "decide_approval", decision, note, tool, asked_by, for_user, reason, would: preview },
        said,
      };
    },
    commit: async ({ said }, { subject, backend }) => {
      // Of two people who decide at the same moment both count where two are asked for: the later one looks again.
      for (;;) {
        const looking = { subject, ledger: backend, now: insides.clock() };
        const row = await findApproval(looking, said.approvalId);
        if (isSaid(row, said, looking)) return toApproval(row, looking);
        const decided = await insides.decide(row, decisionOf(said, refuseDecided(row, looking), looking));
        if (decided !== undefined) return toApproval(decided, looking);
      }
    },
    // Not asked: commit itself sees whether it was said already.
    lookup: () => undefined,
  });
}

function decisionOf({ verdict, note }: Said, as: ApprovalDecision["as"], { subject, now }: Looking): ApprovalDecision {
  const { id, user } = subject;
  return { verdict, by: id, as, at: now, ...(user !== undefined && { user }), ...(note !== undefined && { note }) };
}

/** Saying it again, in the same words, is what a repeat of this call finds. */
function isSaid(row: LedgerRow, { verdict, note }: Said, { subject }: Looking): boolean {
  return approvalOf(row).decisions.some(
    (said) => said.by === subject.id && said.verdict === verdict && said.note === note,
  );
}

/** As what this person decides; throws where there is nothing for them to decide. */
function refuseDecided(row: LedgerRow, looking: Looking): ApprovalDecision["as"] {
  const { state } = toSummary(row, looking);
  const as = mayDecide(looking.subject, row);
  if (state === "awaiting" && as !== undefined) return as;
  const why = state === "awaiting" ? "it is for others to decide, not for you" : `it is ${state}`;
  throw new CallError("not_to_decide", `There is nothing to decide of ${approvalOf(row).id}: ${why}.`, {
    next: "Call get_approval to see where it stands.",
  });
}
