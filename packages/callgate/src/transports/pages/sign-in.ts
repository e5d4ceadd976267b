import type { ErrorAnswer } from "../../wire/exchange.ts";
import { sendPage, sendSeeOther } from "./document.ts";
import type { Answered } from "./gate-client.ts";
import type { PageRoute } from "./page-places.ts";
import { presentedBy } from "./presented-by.ts";
import { say } from "./say.ts";
import { signInView } from "./views/sign-in-view.ts";
import type { Visit } from "./visit.ts";

export interface SignInAsked {
  /** The page that was asked for. */
  readonly route: PageRoute;
  /** What was wrong with the last try. */
  readonly fault?: string;
  readonly status?: number;
}

/** What everybody sees who is not signed in. A session whose credential is of no use is not gone on with. */
export function showSignIn(visit: Visit, { route, fault, status = 200 }: SignInAsked): void {
  const { gateName, places, sessions } = visit.parts;
  const session = visit.session?.credential === undefined ? (visit.session ?? sessions.begin()) : sessions.begin();
  const page = signInView({
    action: `${places.root}/sign-in`,
    token: sessions.tokenFor(session, "sign-in"),
    goTo: places.hrefOf(route),
    ...(fault !== undefined && { fault }),
  });
  sendPage(visit.response, gateName, { ...page, status, headers: sessions.header(session) });
}

/** Tries a key as any caller's is tried, its guesses counted; one that may decide begins a session. */
export async function signIn(visit: Visit, fields: ReadonlyMap<string, string>): Promise<void> {
  const { parts, request, response } = visit;
  const { gate, places, sessions } = parts;
  const route = places.goTo(fields.get("go_to"));
  const key = fields.get("key")?.trim() ?? "";
  if (!/^[\x21-\x7e]{1,2000}$/.test(key)) return showSignIn(visit, { route, fault: "This is no key.", status: 403 });
  const answered = await gate.call({ name: "list_approvals", arguments: {} }, presentedBy(request, key));
  if (answered.kind === "result")
    return sendSeeOther(response, places.hrefOf(route), sessions.header(sessions.begin(key)));
  if (answered.kind === "refused" && !isUnknownCaller(answered.answer)) return showRefusal(visit, answered.answer);
  const isKnown = answered.kind === "failed" || answered.answer.httpStatus !== 401;
  const fault = isKnown ? "This key cannot decide approvals: sign in with a person's." : "This key is not valid here.";
  showSignIn(visit, { route, fault, status: 403 });
}

/** Forgets the credential; the browser's next forms are of a new session. */
export function signOut({ parts: { places, sessions }, response }: Visit): void {
  sendSeeOther(response, places.root, sessions.header(sessions.begin()));
}

/** What a call came to that gave no result: whoever is not known signs in, and others are told. */
export function showTrouble(
  visit: Visit,
  answered: Exclude<Answered<unknown>, { readonly kind: "result" }>,
  route: PageRoute,
): void {
  const { parts, response, session } = visit;
  if (answered.kind === "failed") {
    const isUnknown = answered.code === "unknown_approval";
    return say(parts, response, isUnknown ? unknownApproval : { status: 500, words: answered.message });
  }
  if (!isUnknownCaller(answered.answer)) return showRefusal(visit, answered.answer);
  const ended = session?.credential !== undefined && { fault: "Your key is not valid here any more." };
  return showSignIn(visit, { route, ...ended });
}

function showRefusal({ parts, response }: Visit, { httpStatus, message, httpHeaders }: ErrorAnswer): void {
  const after = httpHeaders?.["retry-after"];
  const headers = after === undefined ? {} : { "retry-after": after };
  say(parts, response, { status: httpStatus < 400 ? 500 : httpStatus, words: message, headers });
}

/** Nobody whom the gate knows, or somebody for whom there are no approvals. */
function isUnknownCaller({ httpStatus }: ErrorAnswer): boolean {
  return httpStatus === 401 || httpStatus === 403 || httpStatus === 404;
}

const unknownApproval = {
  status: 404,
  words: "There is no such request for you. It may be another person's, or have been removed some days after it ended.",
};
