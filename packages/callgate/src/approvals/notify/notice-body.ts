import { createHash } from "node:crypto";
import type { ApprovalNotice } from "../../define/approval.ts";

/** What a notifier may be set to tell beside the request itself. */
export interface NoticeContent {
  /** `preview`: what would happen, with its values; they leave the gate then. */
  readonly include?: "preview";
}

/** A notice as programs get it, after Standard Webhooks: `type`, `timestamp`, `data`. */
export function toNoticeBody(notice: ApprovalNotice, { include }: NoticeContent): string {
  const { event, at, preview, approvalId, askedBy, forUser, expiresAt, ...data } = notice;
  return JSON.stringify({
    type: event,
    timestamp: at,
    data: {
      approval_id: approvalId,
      ...data,
      asked_by: askedBy,
      for_user: forUser,
      expires_at: expiresAt,
      ...(include === "preview" && { preview }),
    },
  });
}

/** The same for one event, whoever sends it and however often: receivers tell repeats by it. */
export function noticeId({ approvalId, event, state, expiresAt }: ApprovalNotice): string {
  const about = JSON.stringify([approvalId, event, state, expiresAt]);
  return `msg_${createHash("sha256").update(about).digest("hex").slice(0, 32)}`;
}
