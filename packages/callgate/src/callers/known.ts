import type { KeyRow } from "../store/key-port.ts";

/** A caller that has proved who it is, however it did that. */
export interface Known {
  readonly kind: "person" | "agent" | "operator";
  readonly caller: string;
  /** A person's or operator's own name, an agent's among those of its person. */
  readonly name: string;
  readonly user: string | undefined;
  readonly tenant: string | undefined;
  readonly role: string | undefined;
  /** Undefined: all that the role gives. */
  readonly scopes: readonly string[] | undefined;
  readonly domains: readonly string[] | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A key that stands for its holder; a channel's key stands for others. */
export type HeldKey = KeyRow & { readonly kind: Known["kind"] };

/** The holder of a key. A key without scopes says nothing of them: the role decides. */
export function knownByKey({ kind, ...row }: HeldKey): Known {
  const { id, name, user, tenant, role, scopes, domains, attributes } = row;
  const holder = kind === "agent" ? user : (user ?? name);
  return {
    kind,
    caller: id,
    name: kind === "person" ? (holder ?? name) : name,
    user: holder,
    tenant,
    role,
    scopes: scopes.length === 0 ? undefined : scopes,
    domains,
    attributes,
  };
}

/** What an `authenticate` function or a config said of a caller; undefined where any part of it is nonsense. */
export function knownByIdentity(identity: unknown): Known | undefined {
  if (typeof identity !== "object" || identity === null) return undefined;
  const { kind, user, agent, tenant, role, scopes, domains, attributes } = identity as Record<string, unknown>;
  if ((kind !== "person" && kind !== "agent") || !isName(user)) return undefined;
  if (!isMaybe(agent, isName) || !isMaybe(tenant, isName) || !isMaybe(role, isName)) return undefined;
  if (!isMaybe(scopes, isTexts) || !isMaybe(domains, isTexts) || !isMaybe(attributes, isTextRecord)) return undefined;
  const name = kind === "agent" ? (agent ?? "agent") : user;
  return { kind, caller: `team:${name}`, name, user, tenant, role, scopes, domains, attributes: { ...attributes } };
}

function isMaybe<Value>(value: unknown, is: (value: unknown) => value is Value): value is Value | undefined {
  return value === undefined || is(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === "object" && value !== null && isTexts(Object.values(value));
}
