import type { ApprovalLevel } from "../define/approval.ts";

/** From the one that asks nobody to the one that asks most. */
export const approvalLevels: readonly ApprovalLevel[] = ["none", "client", "owner", "operator", "two"];

export function isApprovalLevel(value: unknown): value is ApprovalLevel {
  return approvalLevels.includes(value as ApprovalLevel);
}

/** Whether one level demands more than another. */
export function isHigher(level: ApprovalLevel, than: ApprovalLevel): boolean {
  return approvalLevels.indexOf(level) > approvalLevels.indexOf(than);
}
