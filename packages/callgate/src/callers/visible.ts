import type { Subject, SubjectKind } from "../define/subject.ts";

/** What a tool, resource or prompt asks of whoever is to see it. */
export interface Demands {
  readonly domain: string;
  readonly scope: string | undefined;
  /** Undefined: teammates and agents only, never clients or strangers. */
  readonly modes: readonly string[] | undefined;
  /** Undefined: of whatever kind. */
  readonly kinds?: readonly SubjectKind[] | undefined;
  /** Each of them must be on. */
  readonly flags: readonly string[];
}

/** The one answer to what a subject sees. Lists and calls both ask here. */
export function sees(subject: Subject, { domain, scope, modes, kinds, flags }: Demands): boolean {
  if (subject.domains !== undefined && !subject.domains.includes(domain)) return false;
  if (kinds !== undefined && !kinds.includes(subject.kind)) return false;
  if (!flags.every((flag) => subject.flags?.includes(flag))) return false;
  const inMode = modes === undefined ? isTeam(subject) : modes.some((mode) => subject.modes.includes(mode));
  return inMode && (scope === undefined || covers(subject.scopes, scope));
}

/** Teammates, their agents and operators: all but clients and strangers. */
export function isTeam({ kind }: Subject): boolean {
  return kind === "person" || kind === "agent" || kind === "operator";
}

/** Whether granted scopes cover a wanted one: `*` covers all, `bookings:*` covers `bookings:read`. */
export function covers(granted: readonly string[], wanted: string): boolean {
  return granted.some((scope) => coversOne(scope, wanted));
}

function coversOne(scope: string, wanted: string): boolean {
  if (scope === "*" || scope === wanted) return true;
  return scope.endsWith(":*") && wanted.startsWith(scope.slice(0, -1));
}

/** The scopes that both sides grant, as narrow as either says it. */
export function narrow(one: readonly string[], other: readonly string[]): readonly string[] {
  const both = new Set<string>();
  for (const scope of one) if (covers(other, scope)) both.add(scope);
  for (const scope of other) if (covers(one, scope)) both.add(scope);
  return [...both];
}
