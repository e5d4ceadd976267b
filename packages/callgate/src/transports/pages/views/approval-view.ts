import type { ApprovalDecisionView, ApprovalDeed, ApprovalView } from "../../../approvals/approval-view.ts";
import { nextWords, stateWords } from "../../../approvals/approval-words.ts";
import { fieldWords } from "../../../approvals/field-words.ts";
import { html, type Markup, shown } from "../markup.ts";
import { detailsView } from "./details-view.ts";
import { previewView } from "./preview-view.ts";
import { lengthOf, timeView } from "./times.ts";

export interface ApprovalShown {
  readonly approval: ApprovalView;
  readonly now: number;
  /** Where its form goes, and what the form carries. */
  readonly form: { readonly action: string; readonly token: string };
  /** What was wrong with a decision that was just tried. */
  readonly fault: string | undefined;
}

/** One request: what would happen, for whom and why, and the form by which this person decides it. */
export function approvalView({ approval, now, form, fault }: ApprovalShown): Markup {
  const { tool, title, state, effect, because, preview, expires_at } = approval;
  const isOpen = state === "awaiting" || state === "approved";
  const left = Date.parse(expires_at) - now;
  const expires = html`<span class="quiet">Expires in ${lengthOf(left)}</span>`;
  const takesAway = html`<p class="warn">This takes something away. It may not be possible to undo it.</p>`;
  const asked = html`<p class="quiet">Why you are asked: ${because.map((each) => html`<span class="because">${shown(each)}</span> `)}</p>`;
  return html`<article class="card">
<p class="row"><span class="state ${state}">${stateWords[state]}</span>${state === "awaiting" && expires}</p>
<h1>${shown(title ?? fieldWords(tool))}</h1>
<p>${nextWords(approval)}</p>
${fault !== undefined && html`<p class="warn" role="alert">${shown(fault)}</p>`}
${effect === "destructive" && state === "awaiting" && takesAway}
<section><h2>${isOpen ? "What will happen" : "What was asked"}</h2>${previewView(preview)}</section>
<section><h2>Why</h2>${whyView(approval)}${because.length > 0 && asked}</section>
<section><h2>For whom</h2>${whomView(approval)}</section>
${decisionsView(approval.decisions)}
${formView(approval.you_may, form)}
${detailsView(approval)}
</article>`;
}

function whyView({ reason, asked_by }: ApprovalView): Markup {
  if (reason === undefined) return html`<p class="quiet">Whoever asks has given no reason.</p>`;
  return html`<div class="note">${shown(reason)}</div>
<p class="quiet">In the words of ${shown(asked_by)}; nobody has checked them.</p>`;
}

function whomView({ asked_by, for_user }: ApprovalView): Markup {
  if (for_user === undefined) return html`<p><strong>${shown(asked_by)}</strong></p>`;
  return html`<p><strong>${shown(for_user)}</strong><span class="quiet">, asked by ${shown(asked_by)}</span></p>`;
}

const verdictWords: Readonly<Record<ApprovalDeed, string>> = {
  approve: "Approved",
  deny: "Denied",
  withdraw: "Withdrawn",
};

function decisionsView(decisions: readonly ApprovalDecisionView[]): Markup | undefined {
  if (decisions.length === 0) return undefined;
  return html`<section><h2>Decided so far</h2>${decisions.map(decisionView)}</section>`;
}

function decisionView({ verdict, by, as, at, note }: ApprovalDecisionView): Markup {
  const said = note !== undefined && html`<div class="note">${shown(note)}</div>`;
  return html`<p>${verdictWords[verdict]} by <strong>${shown(by)}</strong> <span class="quiet">as ${as}, ${timeView(at)}</span></p>${said}`;
}

function formView(mayDo: readonly ApprovalDeed[], { action, token }: ApprovalShown["form"]): Markup | undefined {
  if (mayDo.length === 0) return undefined;
  const decides = mayDo.includes("approve");
  // The first button is the one that Enter presses: the safe one.
  const deeds = decides
    ? html`<button class="deny" name="deed" value="deny">Deny</button>
<button class="approve" name="deed" value="approve">Approve</button>`
    : html`<button class="deny" name="deed" value="withdraw">Withdraw</button>`;
  return html`<section><form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
<label for="note">Note <span>${decides ? "kept with your decision; a no is told to whoever asked" : "kept with it"}</span></label>
<textarea id="note" name="note" maxlength="1000"></textarea>
<div class="deeds">${deeds}</div>
</form></section>`;
}
