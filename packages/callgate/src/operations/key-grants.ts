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
  "domains:read",
  "domains:smoke",
  "domains:graduate",
  "tasks:read",
  "tasks:cancel",
  "upstreams:read",
]);

/** The domains that run the gate, beside its team's own; `tasks` is served where there is long work, `upstreams` where there are any. */
export const OPERATIONS_DOMAINS = ["keys", "audit", "writes", "domains", "approvals", "tasks", "upstreams"] as const;

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
  const known = new Set<string>([...domains.map(({ name }) => name), ...OPERATIONS_DOMAINS]);
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
 * Nobody makes a key that opens more than their own. Operators make keys for everyone in their tenant and domains, and
 * what those open of running the gate is never more than what the operator may; others make them for themselves, or for
 * agents of theirs, with scopes, role, domains and tenant that they have.
 */
export function refuseWiderGrant(subject: Subject, grant: KeyGrant, { callers }: GateConfig): void {
  const wider = othersKey(subject, grant) ?? widerField(subject, grant, callers.roles);
  if (wider === undefined) return;
  throw new CallError("wider_than_yours", `A key may not be given more than its maker has: ${wider}.`, {
    category: "security",
    next: "Ask an operator of this gate, or ask for less.",
  });
}

/** Refuses to touch somebody else's key: operators may touch every one, others their own and their agents'. */
export function refuseOthersKey(subject: Subject, key: KeyGrant): void {
  const why = othersKey(subject, key);
  if (why === undefined) return;
  throw new CallError("wider_than_yours", `This key is not yours to end: ${why}.`, {
    category: "security",
    next: "Ask an operator of this gate.",
  });
}

function othersKey(subject: Subject, { kind, name, user, tenant }: KeyGrant): string | undefined {
  const runs = runsGate(subject);
  if (tenant !== subject.tenant && !(runs && subject.tenant === undefined)) return "its tenant must be yours";
  if (runs) return undefined;
  if (kind === "operator" || kind === "channel") return `${kind} keys are for operators alone`;
  if (subject.kind === "agent" && kind !== "agent") return "an agent has to do with keys of agents alone";
  return (user ?? name) === subject.user ? undefined : "it must be your own, or an agent's that acts for you";
}

/** An agent never does: what it made for itself could pass for its person. */
function runsGate({ kind, scopes }: Subject): boolean {
  return kind === "operator" || (kind === "person" && scopes.includes("*"));
}

function widerField(subject: Subject, grant: KeyGrant, roles: GateConfig["callers"]["roles"]): string | undefined {
  const within = subject.domains === undefined || grant.domains?.every((each) => subject.domains?.includes(each));
  if (within !== true) return "its domains must be among yours";
  const runs = runsGate(subject);
  if (!runs && grant.role !== undefined && grant.role !== subject.role) return `your role is not "${grant.role}"`;
  if (!runs && grant.scopes.length === 0) return "say which scopes, out of yours";
  const opened = !runs || grant.kind === "operator" ? grant.scopes : operationsOpened(grant, roles);
  const scope = opened.find((each) => !covers(subject.scopes, each));
  return scope === undefined ? undefined : `you do not have the scope "${scope}"`;
}

/** What of running the gate a key opens, by its role and scopes. */
function operationsOpened({ role, scopes }: KeyGrant, roles: GateConfig["callers"]["roles"]): readonly string[] {
  const ofRole = role === undefined ? undefined : roles?.[role]?.scopes;
  const ofKey = scopes.length === 0 ? ofRole : scopes;
  return OPERATIONS_SCOPES.filter((each) => covers(ofKey ?? [], each) && covers(ofRole ?? ["*"], each));
}

function refusal(code: string, message: string, next: string): CallError {
  return new CallError(code, message, { category: "validation", next });
}
