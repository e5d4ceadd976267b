import type { ApprovalView } from "../../approvals/approval-view.ts";

/** What became of a request by what was just said, and what happens next. */
export function saidText({ approval_id, state, level }: ApprovalView): string {
  switch (state) {
    case "awaiting":
      return `${approval_id}: your word counts${level === "two" ? "; a second person has to agree" : ""}. Nothing was done yet.`;
    case "approved":
    case "used":
      return `${approval_id} is approved. It is done as soon as whoever asked calls again: once, and only as it was shown.`;
    case "denied":
      return `${approval_id} is denied. Nothing was done; whoever asked is told so.`;
    case "withdrawn":
      return `${approval_id} is withdrawn. Nothing was done.`;
    case "expired":
      return `${approval_id} has expired. Nothing was done.`;
  }
}
