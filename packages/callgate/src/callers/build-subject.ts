import type { CallersConfig, Role } from "../define/gate-config.ts";
import type { Identity, Subject } from "../define/subject.ts";
import type { KeyRow } from "../store/key-port.ts";
import { narrow } from "./visible.ts";

const NOTHING: readonly string[] = Object.freeze([]);
const EVERYTHING: readonly string[] = Object.freeze(["*"]);

/** A caller that has proved who it is, however it did that. */
export interface Known {
  readonly kind: "person" | "agent" | "operator";
  readonly caller: string;
  readonly user: string | undefined;
  readonly agent: string | undefined;
  readonly tenant: string | undefined;
  readonly role: string | undefined;
  /** Undefined: all that the role gives. */
  readonly scopes: readonly string[] | undefined;
  readonly domains: readonly string[] | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

export function knownByKey(row: KeyRow & { readonly kind: "person" | "agent" | "operator" }): Known {
  return {
    kind: row.kind,
    caller: row.id,
    user: row.user ?? (row.kind === "agent" ? undefined : row.name),
    agent: row.kind === "agent" ? row.name : undefined,
    tenant: row.tenant,
    role: row.role,
    scopes: row.scopes.length === 0 ? undefined : row.scopes,
    domains: row.domains,
    attributes: row.attributes,
  };
}

/** What an `authenticate` function said; undefined where it is nonsense. */
export function knownByIdentity(identity: Identity): Known | undefined {
  if (
    (identity.kind !== "person" && identity.kind !== "agent") ||
    typeof identity.user !== "string" ||
    identity.user === ""
  ) {
    return undefined;
  }
  return {
    kind: identity.kind,
    caller: `team:${identity.agent ?? identity.user}`,
    user: identity.user,
    agent: identity.kind === "agent" ? (identity.agent ?? "agent") : undefined,
    tenant: identity.tenant,
    role: identity.role,
    scopes: identity.scopes,
    domains: identity.domains,
    attributes: identity.attributes ?? {},
  };
}

/** A known caller with the rights of its role, narrowed by those of its credential. */
export function subjectWith(known: Known, role: Role): Subject {
  return freeze(known, {
    modes: role.modes ?? NOTHING,
    scopes: known.scopes === undefined ? role.scopes : narrow(role.scopes, known.scopes),
    domains: bothDomains(role.domains, known.domains),
  });
}

/** A known caller whose rights stand on the credential alone: operators, and gates without roles. */
export function subjectByCredential(known: Known): Subject {
  return freeze(known, { modes: NOTHING, scopes: known.scopes ?? NOTHING, domains: known.domains });
}

/** A known caller whose role cannot be resolved: what strangers see, if the gate lets strangers in, else nothing. */
export function smallestSubject(known: Known, config: CallersConfig): Subject {
  const stranger = strangerRights(config);
  return freeze({ ...known, role: undefined }, { ...stranger, onlyModes: true });
}

/** A caller without a credential, or one that nobody can place. */
export function strangerSubject(config: CallersConfig, caller?: string): Subject {
  const { modes, scopes, domains } = strangerRights(config);
  return Object.freeze({
    kind: "anonymous",
    id: "anonymous",
    caller,
    user: undefined,
    account: undefined,
    tenant: undefined,
    role: undefined,
    modes,
    scopes,
    domains,
    attributes: {},
  } satisfies Subject);
}

/** A known client with its account, as its channel's key vouches for it. */
export function clientSubject(config: NonNullable<CallersConfig["clients"]>, account: string, row: KeyRow): Subject {
  return Object.freeze({
    kind: "client",
    id: `client:${account}`,
    caller: row.id,
    user: undefined,
    account,
    tenant: row.tenant,
    role: undefined,
    modes: [config.mode],
    scopes: config.scopes ?? EVERYTHING,
    domains: row.domains,
    attributes: {},
  } satisfies Subject);
}

interface Rights {
  readonly modes: readonly string[];
  readonly scopes: readonly string[];
  readonly domains: readonly string[] | undefined;
}

function strangerRights({ anonymous }: CallersConfig): Rights {
  if (anonymous === undefined) return { modes: NOTHING, scopes: NOTHING, domains: NOTHING };
  return { modes: [anonymous.mode], scopes: anonymous.scopes ?? EVERYTHING, domains: undefined };
}

function freeze(known: Known, { modes, scopes, domains, onlyModes }: Rights & { readonly onlyModes?: true }): Subject {
  return Object.freeze({
    // Only strangers' modes count for a caller in the smallest set, whatever it proved to be.
    kind: onlyModes ? "anonymous" : known.kind,
    id: subjectId(known),
    caller: known.caller,
    user: known.user,
    account: undefined,
    tenant: known.tenant,
    role: known.role,
    modes,
    scopes,
    domains,
    attributes: known.attributes,
  } satisfies Subject);
}

function subjectId({ kind, user, agent }: Known): string {
  if (kind === "agent") return `agent:${agent}@${user ?? "nobody"}`;
  return `${kind}:${user}`;
}

function bothDomains(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : one.filter((domain) => other.includes(domain));
}
