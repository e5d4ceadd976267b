import { isHigher } from "../approvals/levels.ts";
import type { Plan } from "../define/tool.ts";
import type { DemandedLevel, LedgerRow, RowApproval } from "../store/ledger-port.ts";
import { gateError } from "./answers/gate-error.ts";
import { lapseApproval, tellOfApproval } from "./approvals/approval-news.ts";
import { demandedBy } from "./approvals/demanded-by.ts";
import { requestFor } from "./approvals/request-for.ts";
import type { Call } from "./call/call.ts";
import { randomHex } from "./call/ids.ts";
import { planHash } from "./preview.ts";
import type { ServedTool } from "./served/served.ts";

/** A plan that will not stay the same is shown this often; people who approve without looking are no approval. */
const MOST_ASKED = 5;
/** Writes of one subject that may wait for people at the same time. */
const MOST_OPEN = 100;
const DEFAULT_EXPIRES_MINUTES = 60;

/** Go on; or wait, for somebody was asked; or look again, for another attempt has the row. */
export type Approved = "granted" | "asked" | "overtaken";

interface Approving {
  readonly row: LedgerRow;
  readonly plan: Plan;
}

interface Demand {
  readonly level: DemandedLevel;
  readonly because: readonly string[];
  readonly planHash: string;
}

/**
 * Stage 9. What effect, impact or a rule demands is held against what was granted on this row for exactly this plan;
 * where that is not enough, the row waits for whoever has to decide. See docs/approvals.md.
 */
export async function approve(call: Call, tool: ServedTool, { row, plan }: Approving): Promise<Approved> {
  const { level, because } = await demandedBy(call, tool, plan);
  if (level === "none") return "granted";
  const demand: Demand = { level, because, planHash: planHash(call, tool, plan) };
  if (isGranted(row, demand, call.gate.clock())) return "granted";
  if (row.state === "unknown") throw changedSince(tool);
  if (row.state === "approved" && (row.approval?.asked ?? 0) >= MOST_ASKED) {
    await lapseApproval(call.gate, row);
    throw changesTooOften(tool);
  }
  const request = requestFor(call, tool, { plan, because });
  await refuseTooMany(call, row);
  const asked = await call.gate.ledger.approvals.ask(row, approvalFor(call, tool, { row, demand }), request);
  call.mark("ask");
  if (asked === undefined) return "overtaken";
  tellOfApproval(call.gate, "approval.requested", asked);
  call.gate.at?.("asked");
  return "asked";
}

/** People find nothing among thousands of requests, and whoever makes them wants it so. */
async function refuseTooMany({ gate, subject }: Call, row: LedgerRow): Promise<void> {
  const open = await gate.store.ledger.list({ subject: subject.id, state: "awaiting", limit: MOST_OPEN });
  if (open.rows.length < MOST_OPEN || row.state === "approved") return;
  throw gateError("approval_unavailable", `${MOST_OPEN} writes of yours wait for approval already; nothing was done.`, {
    next: "Tell the user, and call again with the same key once some of them are decided.",
    retry: "same_key",
  });
}

function isGranted({ state, approval }: LedgerRow, { level, planHash }: Demand, now: number): boolean {
  if (approval === undefined || approval.planHash !== planHash || isHigher(level, approval.level)) return false;
  // What may have happened already goes on under the approval that was spent on it.
  return state === "unknown" ? approval.spentAt !== undefined : state === "approved" && approval.expiresAt > now;
}

function approvalFor(
  { subject, gate }: Call,
  tool: ServedTool,
  { row, demand: { level, planHash } }: { readonly row: LedgerRow; readonly demand: Demand },
): RowApproval {
  const now = gate.clock();
  const minutes = tool.approval.expiresMinutes ?? gate.config.approvals?.expiresMinutes ?? DEFAULT_EXPIRES_MINUTES;
  return {
    id: `apr_${randomHex(16)}`,
    level,
    ...(subject.user !== undefined && { user: subject.user }),
    planHash,
    askedAt: now,
    expiresAt: now + minutes * 60_000,
    asked: (row.approval?.asked ?? 0) + 1,
    decisions: [],
  };
}

function changedSince(tool: ServedTool): Error {
  return gateError("approval_pending", `What ${tool.name} would do is no longer what was approved.`);
}

function changesTooOften(tool: ServedTool): Error {
  return gateError(
    "approval_unavailable",
    `What ${tool.name} would do has changed each of the ${MOST_ASKED} times that somebody was asked; nothing was done.`,
    { next: "Find out with dry_run what changes, and ask again when it has settled." },
  );
}
