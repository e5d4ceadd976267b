import { covers } from "../callers/visible.ts";
import type { Subject } from "../define/subject.ts";
import type { ApprovalDecision, LedgerRow, RowApproval } from "../store/ledger-port.ts";

/** The scope by which a person decides what others want done. */
export const DECIDE_SCOPE = "approvals:decide";

/**
 * As what this subject may decide on a write that waits for approval; undefined: it may not, and need not know that
 * there is one. Only people decide, whatever a credential's scopes say, and nobody is their own operator under any key;
 * See docs/approvals.md.
 */
export function mayDecide(
  subject: Subject,
  { tenant, approval }: Pick<LedgerRow, "tenant" | "approval">,
): ApprovalDecision["as"] | undefined {
  const person = personOf(subject);
  if (approval === undefined || person === undefined || isOtherTenant(subject, tenant)) return undefined;
  // People of two tenants may have one name: neither is the other's owner, and neither is their own operator.
  if (isAlike(person, approval.user)) {
    const isOwner = person === approval.user && subject.tenant === tenant;
    return isOwner && !needsOthers(approval) ? "owner" : undefined;
  }
  return covers(subject.scopes, DECIDE_SCOPE) && !hasDecided(person, approval) ? "operator" : undefined;
}

/** Whether this subject may take the request back: the one who asked, and the person it is for. */
export function mayWithdraw(
  subject: Subject,
  { subject: asking, tenant, approval }: Pick<LedgerRow, "subject" | "tenant" | "approval">,
): boolean {
  if (approval === undefined || isOtherTenant(subject, tenant)) return false;
  const person = personOf(subject);
  return subject.id === asking
    ? subject.kind !== "anonymous"
    : person !== undefined && person === approval.user && subject.tenant === tenant;
}

/** The person who sits at the credential: an agent's user is somebody else, and an operator's key may be a machine's. */
function personOf({ kind, user }: Subject): string | undefined {
  return kind === "person" ? user : undefined;
}

function needsOthers({ level }: RowApproval): boolean {
  return level === "operator" || level === "two";
}

function hasDecided(person: string, { decisions }: RowApproval): boolean {
  return decisions.some(({ user }) => isAlike(person, user));
}

/** Of a key and a sign-on one may write a name in capitals, or its accents apart: that makes nobody a second person. */
function isAlike(person: string, other: string | undefined): boolean {
  return other !== undefined && toPlainest(person) === toPlainest(other);
}

function toPlainest(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}

function isOtherTenant(subject: Subject, tenant: string | undefined): boolean {
  return subject.tenant !== undefined && subject.tenant !== tenant;
}
