import type { IncomingMessage, ServerResponse } from "node:http";
import type { Host } from "../../wire/exchange.ts";
import type { Pages } from "../http/lazy-pages.ts";
import { decide } from "./decide.ts";
import { sendPage } from "./document.ts";
import { GateClient } from "./gate-client.ts";
import { html } from "./markup.ts";
import { PagePlaces, type PageRoute, routeOf } from "./page-places.ts";
import { type PageSealer, PageSessions } from "./page-session.ts";
import { presentedBy } from "./presented-by.ts";
import { formLimits, readForm } from "./read-form.ts";
import { say } from "./say.ts";
import { showApproval, showList } from "./show-approvals.ts";
import { showSignIn, signIn, signOut } from "./sign-in.ts";
import type { PageParts, Visit } from "./visit.ts";

export interface ApprovalPagesOptions {
  readonly host: Host;
  readonly sealer: PageSealer;
  readonly publicUrl: string | undefined;
  readonly clock?: () => number;
}

/**
 * The pages where people decide approvals: clients of the gate's own tools, so that whatever is shown or decided here is
 * a call like any other, judged and recorded. Nothing is decided by opening one, and without a person's credential none
 * of them says anything of a request.
 */
export function createApprovalPages({ host, sealer, publicUrl, clock = Date.now }: ApprovalPagesOptions): Pages {
  const places = new PagePlaces(publicUrl);
  const sessions = new PageSessions({ sealer, clock, path: places.root, secure: places.secure });
  const parts = { gateName: host.identity.name, gate: new GateClient(host), places, sessions, clock };
  return {
    serve: (request, response, path) => {
      serve(parts, { request, response, path }).catch((error: unknown) => {
        host.onProblem("a page broke", error);
        if (response.headersSent) response.destroy();
        else say(parts, response, { status: 500, words: "This page broke, and the gate's log says why." });
      });
    },
  };
}

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

function serve(parts: PageParts, { request, response, path }: Arrival): Promise<void> {
  const session = parts.sessions.of(request);
  const visit = { parts, request, response, session, presented: presentedBy(request, session?.credential) };
  const route = routeOf(path);
  if (route === undefined) return told(visit, 404, "There is nothing at this address.");
  if (request.method === "POST") return post(visit, route);
  if (request.method !== "GET" && request.method !== "HEAD") return told(visit, 405, "This is not how pages are used.");
  if (route.kind === "sign-in" || route.kind === "sign-out") return comeAgain(visit, { kind: "list" });
  if (session === undefined && cameFromElsewhere(request)) return comeAgain(visit, route);
  return route.kind === "list" ? showList(visit) : showApproval(visit, route.approvalId);
}

async function told({ parts, response }: Visit, status: number, words: string): Promise<void> {
  say(parts, response, { status, words, ...(status === 405 && { headers: { allow: "GET, HEAD, POST" } }) });
}

/** A link followed from elsewhere comes without the session's cookie; the same page asked for from here has it. */
async function comeAgain({ parts, response }: Visit, route: PageRoute): Promise<void> {
  const goTo = parts.places.hrefOf(route);
  const main = html`<div class="card narrow"><p><a href="${goTo}">Go on</a></p></div>`;
  sendPage(response, parts.gateName, { status: 200, title: "Approvals", main, goTo });
}

/** By what browsers say of themselves; one that says nothing is taken at its cookie. */
function cameFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  return headers["sec-fetch-mode"] === "navigate" && (site === "cross-site" || site === "same-site");
}

const limits = formLimits();

/** A form of another browser, session or request, or an old one: who is signed in stays so, and reads anew. */
async function refuseForm(visit: Visit, route: PageRoute, fields: ReadonlyMap<string, string>): Promise<void> {
  const fault = "This form is too old, or is another browser's. Nothing was decided.";
  if (route.kind === "approval") return showApproval(visit, route.approvalId, fault);
  if (route.kind === "sign-out") return showList(visit);
  showSignIn(visit, { route: visit.parts.places.goTo(fields.get("go_to")), fault, status: 403 });
}

async function post(visit: Visit, route: PageRoute): Promise<void> {
  const { parts, request, response, session } = visit;
  if (!parts.places.sentItself(request))
    return told(visit, 403, "This form was not sent by a page of this gate. Nothing was decided.");
  if (request.headers.expect !== undefined) response.writeContinue();
  const fields = await readForm(request, limits);
  if (fields === undefined) return told(visit, 400, "This is no form of these pages. Nothing was decided.");
  if (route.kind === "list") return told(visit, 405, "There is nothing to send here.");
  const about = route.kind === "approval" ? route.approvalId : route.kind;
  const once = session && parts.sessions.readToken(session, about, fields.get("token") ?? "");
  if (once === undefined) return refuseForm(visit, route, fields);
  if (route.kind === "sign-in") return signIn(visit, fields);
  if (route.kind === "sign-out") return signOut(visit);
  return decide(visit, { approvalId: route.approvalId, once, fields });
}
