import type { ApprovalSummary } from "../../../approvals/approval-view.ts";
import { stateWords } from "../../../approvals/approval-words.ts";
import { fieldWords } from "../../../approvals/field-words.ts";
import { html, type Markup, shown } from "../markup.ts";
import { lengthOf } from "./times.ts";

export interface ListShown {
  readonly approvals: readonly ApprovalSummary[];
  /** Where the next page is; undefined where this is the last. */
  readonly nextHref: string | undefined;
  readonly hrefOf: (approvalId: string) => string;
  readonly now: number;
}

/** What waits for this person, and what they asked for themselves. */
export function listView({ approvals, nextHref, hrefOf, now }: ListShown): Markup {
  const rows = (some: readonly ApprovalSummary[]): Markup =>
    html`<ul class="list">${some.map((approval) => rowView(approval, hrefOf(approval.approval_id), now))}</ul>`;
  const mine = approvals.filter(({ you_may }) => you_may.includes("approve"));
  const others = approvals.filter(({ you_may }) => !you_may.includes("approve"));
  return html`<div class="card">
<h1>Approvals</h1>
<section><h2>For you to decide</h2>${mine.length > 0 ? rows(mine) : html`<p class="quiet">Nothing waits for you.</p>`}</section>
${others.length > 0 && html`<section><h2>Also open</h2>${rows(others)}</section>`}
${nextHref !== undefined && html`<p class="quiet"><a href="${nextHref}">There may be more</a></p>`}
</div>`;
}

function rowView(
  { tool, title, state, reason, would, asked_by, expires_at }: ApprovalSummary,
  href: string,
  now: number,
): Markup {
  const left = lengthOf(Date.parse(expires_at) - now);
  return html`<li><a href="${href}">
<span class="row"><strong>${shown(title ?? fieldWords(tool))}</strong><span class="state ${state}">${stateWords[state]}</span></span>
${would !== undefined && html`<span class="reason">${shown(would)}</span>`}
${reason !== undefined && html`<span class="reason">${shown(reason)}</span>`}
<span class="quiet">${shown(asked_by)} · expires in ${left}</span>
</a></li>`;
}
