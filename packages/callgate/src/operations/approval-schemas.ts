import { z } from "zod";
import type { ApprovalDecisionView, ApprovalDeed, ApprovalSummary, ApprovalView } from "../approvals/approval-view.ts";

const deeds: readonly ApprovalDeed[] = ["approve", "deny", "withdraw"];

const summary = {
  approval_id: z.string(),
  tool: z.string(),
  title: z.string().optional(),
  domain: z.string(),
  level: z.enum(["client", "owner", "operator", "two"]),
  state: z.enum(["awaiting", "approved", "denied", "expired", "withdrawn", "used"]),
  asked_by: z.string(),
  for_user: z.string().optional(),
  reason: z.string().optional().describe("Why, in the words of who asks; nobody has checked them"),
  would: z.string().optional().describe("What would happen, in one line; get_approval has it in full"),
  requested_at: z.string(),
  expires_at: z.string(),
  you_may: z.array(z.enum(deeds)),
};

const Decision: z.ZodType<ApprovalDecisionView, ApprovalDecisionView> = z.object({
  verdict: z.enum(deeds),
  by: z.string(),
  as: z.enum(["client", "owner", "operator"]),
  at: z.string(),
  note: z.string().optional(),
});

/** A request in short. */
export const Summary: z.ZodType<ApprovalSummary, ApprovalSummary> = z.object(summary);

/** A request in full. */
export const Approval: z.ZodType<ApprovalView, ApprovalView> = z.object({
  ...summary,
  effect: z.enum(["read", "write", "destructive"]),
  because: z.array(z.string()),
  preview: z.record(z.string(), z.unknown()),
  arguments: z.unknown().optional(),
  plan_hash: z.string(),
  contract_hash: z.string(),
  client: z.string().optional(),
  write_id: z.string(),
  call_id: z.string(),
  decisions: z.array(Decision),
});

/** Whoever decides is shown all of a request: its preview, its arguments and what was said of it. */
export const MOST_APPROVAL_BYTES: number = 256 * 1024;

export const ApprovalId: z.ZodString = z.string().min(1).max(100).describe("e.g. apr_…, from list_approvals or a link");
