import type { KeyGrant } from "../callers/api-key.ts";
import { covers } from "../callers/visible.ts";
import { CallError } from "../define/call-error.ts";
import type { GateConfig } from "../define/gate-config.ts";
import type { Subject } from "../define/subject.ts";

/** What an operator's key may do unless its maker says otherwise: run the gate. */
export const OPERATIONS_SCOPES: readonly string[] = Object.freeze([
  "keys:read",
  "keys:write",
  "audit:read",
  "writes:read",
  "writes:resolve",
]);

/** Refuses a key that this gate would not accept, or that would open less than its maker thinks. */
export function refuseUselessGrant(grant: KeyGrant, { callers, domains }: GateConfig): void {
  if (!callers.authenticate?.some((each) => typeof each === "object" && each.kind === "api-keys")) {
    throw refusal(
      "keys_not_accepted",
      "This gate does not accept keys of its own.",
      "Add apiKeys() to callers.authenticate in the gate's config.",
    );
  }
  if (grant.kind === "agent" && grant.user === undefined) {
    throw refusal("user_required", "An agent's key is bound to the person it acts for.", "Give `user`.");
  }
  refuseUnknownRole(grant, callers);
  const known = new Set([...domains.map(({ name }) => name), "keys", "audit", "writes"]);
  const unknown = grant.domains?.find((domain) => !known.has(domain));
  if (unknown !== undefined) {
    throw refusal("unknown_domain", `There is no domain "${unknown}".`, `Domains: ${[...known].join(", ")}.`);
  }
}

function refuseUnknownRole({ kind, role }: KeyGrant, { roles, roleOf }: GateConfig["callers"]): void {
  const names = Object.keys(roles ?? {});
  if (role !== undefined && !names.includes(role)) {
    throw refusal(
      "unknown_role",
      `There is no role "${role}".`,
      names.length > 0 ? `Roles: ${names.join(", ")}.` : "This gate has no roles: give scopes.",
    );
  }
  const byRole = kind === "person" || kind === "agent";
  if (byRole && role === undefined && names.length > 0 && roleOf === undefined) {
    throw refusal(
      "role_required",
      "In this gate a key without a role opens what strangers see.",
      `Give \`role\`: ${names.join(", ")}.`,
    );
  }
}

/**
 * Nobody makes a key that opens more than their own. Operators make keys for everyone; others make them for
 * themselves, or for agents of theirs, with scopes, role, domains and tenant that they have.
 */
export function refuseWiderGrant(subject: Subject, grant: KeyGrant): void {
  if (subject.kind === "operator" || subject.scopes.includes("*")) return;
  const wider = widerField(subject, grant);
  if (wider === undefined) return;
  throw new CallError("wider_than_yours", `A key may not be given more than its maker has: ${wider}.`, {
    category: "security",
    next: "Ask an operator of this gate, or ask for less.",
  });
}

function widerField(subject: Subject, grant: KeyGrant): string | undefined {
  if (grant.kind === "operator" || grant.kind === "channel") return `only operators make ${grant.kind} keys`;
  if (subject.kind === "agent" && grant.kind !== "agent") return "an agent makes keys for agents alone";
  if ((grant.user ?? grant.name) !== subject.user) return "it must be for yourself, or for an agent that acts for you";
  if (grant.role !== undefined && grant.role !== subject.role) return `your role is not "${grant.role}"`;
  if (grant.tenant !== subject.tenant) return "its tenant must be yours";
  if (grant.scopes.length === 0) return "say which scopes, out of yours";
  const scope = grant.scopes.find((each) => !covers(subject.scopes, each));
  if (scope !== undefined) return `you do not have the scope "${scope}"`;
  const within = subject.domains === undefined || grant.domains?.every((each) => subject.domains?.includes(each));
  return within === true ? undefined : "its domains must be among yours";
}

/** Keys of another tenant are not there for somebody who belongs to one. */
export function isOfTenant(subject: Subject, tenant: string | undefined): boolean {
  return subject.tenant === undefined || subject.tenant === tenant;
}

function refusal(code: string, message: string, next: string): CallError {
  return new CallError(code, message, { category: "validation", next });
}
