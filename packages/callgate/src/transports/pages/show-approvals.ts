import type { ApprovalSummary, ApprovalView } from "../../approvals/approval-view.ts";
import { type Page, sendPage } from "./document.ts";
import { html, type Markup, shown } from "./markup.ts";
import type { PageSession } from "./page-session.ts";
import { showTrouble } from "./sign-in.ts";
import { approvalView } from "./views/approval-view.ts";
import { listView } from "./views/list-view.ts";
import type { PageParts, Visit } from "./visit.ts";

/** The requests that this person may decide, and their own. */
export async function showList(visit: Visit): Promise<void> {
  const { gate, places, clock } = visit.parts;
  const cursor = new URLSearchParams(visit.request.url?.split("?")[1]).get("after");
  const answered = await gate.call<{ readonly approvals: readonly ApprovalSummary[]; readonly next_cursor?: string }>(
    { name: "list_approvals", arguments: cursor === null ? {} : { cursor } },
    visit.presented,
  );
  if (answered.kind !== "result") return showTrouble(visit, answered, { kind: "list" });
  const { approvals, next_cursor } = answered.value;
  const nextHref = next_cursor === undefined ? undefined : `${places.root}?after=${encodeURIComponent(next_cursor)}`;
  const main = listView({ approvals, nextHref, hrefOf: (id) => places.of(id), now: clock() });
  return showSignedIn(visit, () => ({ status: 200, title: "Approvals", main }));
}

/** One request, with the form by which it is decided; `fault` says what was wrong with a decision just tried. */
export async function showApproval(visit: Visit, approvalId: string, fault?: string): Promise<void> {
  const { gate, places, sessions, clock } = visit.parts;
  const answered = await gate.call<ApprovalView>(
    { name: "get_approval", arguments: { approval_id: approvalId } },
    visit.presented,
  );
  if (answered.kind !== "result") return showTrouble(visit, answered, { kind: "approval", approvalId });
  return showSignedIn(visit, (session) => {
    const form = { action: places.of(approvalId), token: sessions.tokenFor(session, approvalId) };
    const main = approvalView({ approval: answered.value, now: clock(), form, fault });
    return { status: fault === undefined ? 200 : 409, title: answered.value.tool, main };
  });
}

/** A page for somebody who is known. Who came with the team's own session gets one too, for forms of this browser alone. */
async function showSignedIn(visit: Visit, pageFor: (session: PageSession) => Page): Promise<void> {
  const { gateName, gate, sessions } = visit.parts;
  const session = visit.session ?? sessions.begin();
  const caller = await gate.identify(visit.presented);
  const account = accountView(visit.parts, session, caller.kind === "caller" ? caller.subject : undefined);
  const headers = visit.session === undefined ? sessions.header(session) : {};
  sendPage(visit.response, gateName, { ...pageFor(session), account, headers });
}

function accountView({ places, sessions }: PageParts, session: PageSession, name: string | undefined): Markup {
  const where = html`<a href="${places.root}">All approvals</a>${name !== undefined && html` <span>${shown(name)}</span>`}`;
  if (session.credential === undefined) return html`<span class="row">${where}</span>`;
  return html`<form method="post" action="${places.root}/sign-out">${where}
<input type="hidden" name="token" value="${sessions.tokenFor(session, "sign-out")}">
<button class="plain">Sign out</button></form>`;
}
