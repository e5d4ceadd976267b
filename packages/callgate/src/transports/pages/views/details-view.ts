import type { ApprovalView } from "../../../approvals/approval-view.ts";
import { deciderWords } from "../../../approvals/approval-words.ts";
import { html, type Markup, shown } from "../markup.ts";
import { previewView } from "./preview-view.ts";
import { timeView } from "./times.ts";

/** What a request is bound to, for whoever wants to look closer. */
export function detailsView(approval: ApprovalView): Markup {
  const { tool, domain, level, client, requested_at, expires_at, arguments: given } = approval;
  const rows: readonly (readonly [string, Markup])[] = [
    ["Tool", html`${shown(tool)} of ${shown(domain)}`],
    ["Who decides", html`${deciderWords[level]}`],
    ...(client === undefined ? [] : [["Program", shown(client)] as const]),
    ["Asked", timeView(requested_at)],
    ["Expires", timeView(expires_at)],
    ["Approval", codeView(approval.approval_id)],
    ["Write", codeView(approval.write_id)],
    ["Call", codeView(approval.call_id)],
    ["Contract", codeView(approval.contract_hash)],
    ["Plan", codeView(approval.plan_hash)],
  ];
  return html`<details><summary>What it was called with, and what it is bound to</summary>
${isRecord(given) && previewView(given)}
<dl class="bound">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></details>`;
}

function codeView(text: string): Markup {
  return html`<code>${shown(text)}</code>`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
