import type { ApprovalDecisionView, ApprovalView } from "../../approvals/approval-view.ts";
import { fieldWords } from "../../approvals/field-words.ts";
import { shortTime } from "../printing/table.ts";
import { previewLines, seen } from "./preview-lines.ts";

/** One request for people: what would happen, for whom and why, and what was said so far. */
export function approvalText(approval: ApprovalView): string {
  const { tool, title, domain, level, effect, because, reason, asked_by, for_user } = approval;
  const lines = [
    `${seen(title ?? fieldWords(tool))} (${tool} of ${domain}), ${stateText(approval)}`,
    ...(effect === "destructive" ? ["It takes something away; it may not be possible to undo it."] : []),
    "",
    "What would happen:",
    ...previewLines(approval.preview),
    "",
    `For:      ${for_user === undefined ? seen(asked_by) : `${seen(for_user)}, asked by ${seen(asked_by)}`}`,
    `Why:      ${reason === undefined ? "(no reason was given)" : seen(reason).replaceAll("\n", "\n          ")}`,
    ...(because.length === 0 ? [] : [`Because:  ${because.map(seen).join(" ")}`]),
    `Decides:  ${deciders[level]}`,
    ...approval.decisions.map(decisionText),
    `Contract: ${approval.contract_hash}`,
    `Expires:  ${shortTime(approval.expires_at)} UTC`,
    `Approval: ${approval.approval_id}`,
  ];
  return lines.join("\n");
}

function stateText({ state }: ApprovalView): string {
  return state === "used" ? "approved, and begun" : state;
}

function decisionText({ verdict, by, as, at, note }: ApprovalDecisionView): string {
  const said = note === undefined ? "" : `: ${seen(note)}`;
  return `  ${verdict} by ${seen(by)} as ${as}, ${shortTime(at)}${said}`;
}

const deciders: Readonly<Record<ApprovalView["level"], string>> = {
  client: "the person at the client",
  owner: "the person it is for",
  operator: "another person, with approvals:decide",
  two: "two other people, with approvals:decide",
};
