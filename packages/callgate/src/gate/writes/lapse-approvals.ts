import type { ListedWrite } from "../../store/ledger-port.ts";
import { lapseApproval } from "../approvals/approval-news.ts";
import type { GateParts } from "../parts.ts";

const AT_ONCE = 500;

/** Ends what nobody decided in time, and what was approved and not used in time. */
export async function lapseApprovals(gate: GateParts): Promise<void> {
  const { store, clock } = gate;
  for (const state of ["awaiting", "approved"] as const) {
    let cursor: string | undefined;
    do {
      const page = await store.ledger.list({ state, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) });
      const isOver = ({ approval }: ListedWrite): boolean => approval !== undefined && approval.expiresAt <= clock();
      for (const { id } of page.rows.filter(isOver)) {
        // It may have been decided, or asked anew, since it was listed.
        const row = await gate.ledger.get(id);
        if (row !== undefined && isOver(row)) await lapseApproval(gate, row);
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
