import type { CallersConfig, Role } from "../define/gate-config.ts";
import type { Subject } from "../define/subject.ts";
import type { KeyRow } from "../store/key-port.ts";
import type { Known } from "./known.ts";
import { narrow } from "./visible.ts";

const NOTHING: readonly string[] = Object.freeze([]);
const EVERYTHING: readonly string[] = Object.freeze(["*"]);

/** A known caller with the rights that all of these roles give, narrowed by those of its credential. */
export function subjectWith(known: Known, roles: readonly [Role, ...Role[]]): Subject {
  const [first, ...others] = roles;
  let modes = first.modes ?? NOTHING;
  let scopes = known.scopes === undefined ? first.scopes : narrow(first.scopes, known.scopes);
  let domains = bothDomains(first.domains, known.domains);
  for (const role of others) {
    modes = modes.filter((mode) => role.modes?.includes(mode));
    scopes = narrow(scopes, role.scopes);
    domains = bothDomains(domains, role.domains);
  }
  return toSubject(known, { kind: known.kind, modes, scopes, domains });
}

/** A known caller whose rights stand on the credential alone: operators, and gates without roles. */
export function subjectByCredential(known: Known): Subject {
  const { kind, scopes = NOTHING, domains } = known;
  return toSubject(known, { kind, modes: NOTHING, scopes, domains });
}

/**
 * A known caller whose role cannot be resolved: what strangers see, if the gate lets strangers in, else nothing.
 * Its kind is a stranger's too, for a person sees tools that no mode opens; its id still says who it is.
 */
export function smallestSubject(known: Known, config: CallersConfig): Subject {
  const { modes, scopes, domains } = strangerRights(config);
  return toSubject(
    { ...known, role: undefined },
    {
      kind: "anonymous",
      modes,
      scopes: known.scopes === undefined ? scopes : narrow(scopes, known.scopes),
      domains: bothDomains(domains, known.domains),
    },
  );
}

/** A caller without a credential, or one that a channel speaks for and nobody can place. */
export function strangerSubject(config: CallersConfig, channel?: KeyRow): Subject {
  const { modes, scopes, domains } = strangerRights(config);
  return Object.freeze({
    kind: "anonymous",
    id: "anonymous",
    caller: channel?.id,
    user: undefined,
    account: undefined,
    tenant: channel?.tenant,
    role: undefined,
    modes,
    scopes,
    domains: bothDomains(domains, channel?.domains),
    attributes: {},
  } satisfies Subject);
}

/** A known client with its account, as its channel's key vouches for it. */
export function clientSubject(
  config: NonNullable<CallersConfig["clients"]>,
  account: string,
  row: Pick<KeyRow, "id" | "tenant" | "domains" | "attributes">,
): Subject {
  return Object.freeze({
    kind: "client",
    id: withTenant(`client:${escaped(account)}`, row.tenant),
    caller: row.id,
    user: undefined,
    account,
    tenant: row.tenant,
    role: undefined,
    modes: [config.mode],
    scopes: config.scopes ?? EVERYTHING,
    domains: row.domains,
    attributes: row.attributes,
  } satisfies Subject);
}

type Rights = Pick<Subject, "modes" | "scopes" | "domains">;

function strangerRights({ anonymous }: CallersConfig): Rights {
  if (anonymous === undefined) return { modes: NOTHING, scopes: NOTHING, domains: NOTHING };
  return { modes: [anonymous.mode], scopes: anonymous.scopes ?? EVERYTHING, domains: undefined };
}

function toSubject(known: Known, { kind, modes, scopes, domains }: Rights & Pick<Subject, "kind">): Subject {
  const { caller, user, tenant, role, attributes } = known;
  return Object.freeze({
    kind,
    id: subjectId(known),
    caller,
    user,
    account: undefined,
    tenant,
    role,
    modes,
    scopes,
    domains,
    attributes,
  } satisfies Subject);
}

/** By name, not by key, so that it stays the same when a key is rotated. */
function subjectId({ kind, name, user, tenant }: Known): string {
  // A user may be an e-mail address; an agent's name must not be able to say where the user begins.
  const agent = kind === "agent" ? `${escaped(name).replaceAll("@", "%40")}@` : "";
  return withTenant(`${kind}:${agent}${escaped(kind === "agent" ? (user ?? "") : name)}`, tenant);
}

/** People of two tenants may have the same name; nothing of one must be found under the other's id. */
function withTenant(id: string, tenant: string | undefined): string {
  return tenant === undefined ? id : `${id}#${tenant}`;
}

/** No name says where the tenant begins, nor what an escaped one says. */
function escaped(name: string): string {
  return name.replaceAll("%", "%25").replaceAll("#", "%23");
}

function bothDomains(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : one.filter((domain) => other.includes(domain));
}
