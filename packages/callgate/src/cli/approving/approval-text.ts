import type { ApprovalDecisionView, ApprovalView } from "../../approvals/approval-view.ts";
import { deciderWords, nextWords, stateWords } from "../../approvals/approval-words.ts";
import { fieldWords } from "../../approvals/field-words.ts";
import { shortTime } from "../printing/table.ts";
import { toSeen } from "../printing/visible-text.ts";
import { previewLines } from "./preview-lines.ts";

/** One request for people: what would happen, for whom and why, and what was said so far. */
export function approvalText(approval: ApprovalView): string {
  const { tool, title, domain, state, level, effect, because, reason, asked_by, for_user } = approval;
  const lines = [
    `${toSeen(title ?? fieldWords(tool))} (${tool} of ${domain}), ${stateWords[state].toLowerCase()}`,
    ...(effect === "destructive" ? ["It takes something away; it may not be possible to undo it."] : []),
    "",
    "What would happen:",
    ...previewLines(approval.preview),
    ...calledWith(approval.arguments),
    "",
    `For:      ${for_user === undefined ? toSeen(asked_by) : `${toSeen(for_user)}, asked by ${toSeen(asked_by)}`}`,
    `Why:      ${reason === undefined ? "(no reason was given)" : toSeen(reason).replaceAll("\n", "\n          ")}`,
    ...(because.length === 0 ? [] : [`Because:  ${because.map(toSeen).join(" ")}`]),
    `Decides:  ${deciderWords[level]}`,
    ...approval.decisions.map(decisionText),
    `Contract: ${approval.contract_hash}`,
    `Expires:  ${shortTime(approval.expires_at)} UTC`,
    `Approval: ${approval.approval_id}`,
  ];
  return lines.join("\n");
}

/** What became of a request by what was just said, and what happens next. */
export function saidText(approval: ApprovalView): string {
  return `${approval.approval_id}: ${stateWords[approval.state].toLowerCase()}. ${nextWords(approval)}`;
}

/** What the tool was given, which a preview need not repeat. */
function calledWith(given: unknown): readonly string[] {
  if (typeof given !== "object" || given === null || Object.keys(given).length === 0) return [];
  return ["", "Called with:", ...previewLines({ ...given })];
}

function decisionText({ verdict, by, as, at, note }: ApprovalDecisionView): string {
  const said = note === undefined ? "" : `: ${toSeen(note)}`;
  return `  ${verdict} by ${toSeen(by)} as ${as}, ${shortTime(at)}${said}`;
}
