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
      const over = page.rows.filter(({ approval }) => approval !== undefined && approval.expiresAt <= clock());
      await Promise.all(over.map((row) => lapseApproval(gate, row)));
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
