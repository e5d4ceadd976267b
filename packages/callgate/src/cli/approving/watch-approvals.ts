import { setTimeout as wait } from "node:timers/promises";
import type { ApprovalSummary } from "../../approvals/approval-view.ts";
import { untilAnswered } from "../calling/until-answered.ts";
import type { Terminal } from "../terminal.ts";
import type { ApprovalCalls } from "./approval-calls.ts";

const LOOK_EVERY_MS = 2_000;

/** Tells of each request that waits for this person, those that wait already first; until the process is ended. */
export async function watchApprovals(
  calls: ApprovalCalls,
  terminal: Terminal,
  tell: (approval: ApprovalSummary) => void,
): Promise<never> {
  const told = new Set<string>();
  for (;;) {
    const open = await untilAnswered(() => calls.list(), terminal);
    const waiting = open.filter(({ you_may }) => you_may.includes("approve"));
    for (const approval of waiting.toReversed()) {
      if (!told.has(approval.approval_id)) tell(approval);
      told.add(approval.approval_id);
    }
    await wait(LOOK_EVERY_MS);
  }
}
