import type { ApprovalRequest } from "../approvals/request.ts";
import type { ApprovalDecision, LedgerRow, Move, RowApproval, WriteState } from "../store/ledger-port.ts";
import type { Sealer } from "./sealer.ts";

/** Moves a row as it was seen, or not at all: undefined where it has moved on. */
export type MoveRow = (row: LedgerRow, change: Omit<Move, "row" | "now">) => Promise<LedgerRow | undefined>;

export interface WriteApprovalsOptions {
  readonly move: MoveRow;
  readonly sealer: Sealer;
  readonly clock: () => number;
  /** This process. */
  readonly owner: string;
}

/** The moves of writes that wait for people; see docs/approvals.md. Who may decide is judged by whoever calls. */
export class WriteApprovals {
  readonly #options: WriteApprovalsOptions;

  constructor(options: WriteApprovalsOptions) {
    this.#options = options;
  }

  /** `claimed | approved → awaiting`: from here on nobody holds the row, and somebody has to decide. */
  ask(row: LedgerRow, approval: RowApproval, request: ApprovalRequest): Promise<LedgerRow | undefined> {
    const { move, sealer, owner } = this.#options;
    return move(row, {
      from: ["claimed", "approved"],
      to: "awaiting",
      ...(row.callId !== request.callId && { takeOver: { owner, callId: request.callId } }),
      approval,
      sealedRequest: sealer.seal(purpose(row), request),
    });
  }

  /**
   * A person's word on a row that waits for it; of two words given at once one counts, and the other one finds the row
   * as it is then. Undefined: the row waits no longer, or has waited too long.
   */
  async decide(row: LedgerRow, decision: ApprovalDecision): Promise<LedgerRow | undefined> {
    const { move, clock } = this.#options;
    const before = approvalOf(row);
    if (before.expiresAt <= clock()) return undefined;
    const approval = { ...before, decisions: [...before.decisions, decision] };
    const to = stateDecided(approval, decision);
    return move(row, {
      from: decision.verdict === "withdraw" ? ["awaiting", "approved"] : ["awaiting"],
      to,
      approval,
      ...(to === "denied" && { code: "approval_denied" }),
    });
  }

  /** Nobody decided in time, or the approval was not used in time. */
  lapse(row: LedgerRow): Promise<LedgerRow | undefined> {
    return this.#options.move(row, { from: ["awaiting", "approved"], to: "expired", code: "approval_expired" });
  }

  /** What the approver is shown. */
  requestOf(row: LedgerRow): ApprovalRequest | undefined {
    if (row.sealedRequest === undefined) return undefined;
    return this.#options.sealer.unseal(purpose(row), row.sealedRequest) as ApprovalRequest;
  }
}

/** The approval of a row that has asked for one. */
export function approvalOf(row: LedgerRow): RowApproval {
  if (row.approval === undefined) throw new Error(`the write ${row.id} is ${row.state}, but has no approval`);
  return row.approval;
}

function stateDecided({ level, decisions }: RowApproval, { verdict }: ApprovalDecision): WriteState {
  if (verdict === "withdraw") return "withdrawn";
  if (verdict === "deny") return "denied";
  return decisions.length < (level === "two" ? 2 : 1) ? "awaiting" : "approved";
}

function purpose(row: LedgerRow): string {
  return `callgate request ${row.id}`;
}
