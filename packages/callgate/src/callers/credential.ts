import type { Presented } from "../wire/exchange.ts";

/** What a client presented: its own credential, and those that ride along for single domains (`mcpKey::domainKey`). */
export interface Credential {
  /** The client's own, wherever it stood; undefined where none was presented. */
  readonly secret: string | undefined;
  /** The same, where it stood behind `Authorization: Bearer`. */
  readonly bearer: string | undefined;
  /** Those that ride along, as sent; `domainCredentials` tells whose they are. */
  readonly riding: readonly string[];
}

/** A credential rides along, but it does not say for which domain. */
export class UnclearDomainCredential extends Error {
  override readonly name = "UnclearDomainCredential";
}

const ALONE: readonly string[] = Object.freeze([]);
const NOTHING: Credential = { secret: undefined, bearer: undefined, riding: ALONE };
const BEARER = /^bearer +(\S+)$/i;
const UNCLEAR =
  "A credential for a domain must name one that there is: key::domain=credential, or use the domain's own address /mcp/<domain>.";
const NAMED = /^([a-z][a-z0-9-]{0,62})=(.*)$/;

/** Reads `Authorization: Bearer` or `X-API-Key`. */
export function credentialOf(presented: Presented): Credential {
  const { authorization } = presented;
  if (authorization !== undefined) {
    const bearer = BEARER.exec(authorization.trim())?.[1];
    // Another scheme is a credential too: presented, and for the team's own function to judge.
    return bearer === undefined ? { secret: authorization, bearer: undefined, riding: ALONE } : split(bearer, true);
  }
  const apiKey = presented.header("x-api-key");
  return apiKey === undefined ? NOTHING : split(apiKey.trim(), false);
}

/** The client's own part of `key::credential`. */
export function withoutDomainCredentials(text: string): string {
  const cut = text.indexOf("::");
  return cut === -1 ? text : text.slice(0, cut);
}

/** Where a credential is presented. */
export interface DomainsAtHand {
  /** The domain whose own endpoint is called. */
  readonly endpoint: string | undefined;
  /** True for the domains that there are, for this caller. */
  readonly has: (domain: string) => boolean;
}

/**
 * Riding credentials by domain. On a domain's own endpoint `key::credential` belongs to that domain; elsewhere each one
 * names its domain: `key::bookings=credential::guests=credential`. Only a domain's name is one: a credential may hold `=`.
 */
export function domainCredentials(
  { riding }: Credential,
  { endpoint, has }: DomainsAtHand,
): ReadonlyMap<string, string> | undefined {
  if (riding.length === 0) return undefined;
  const found = new Map<string, string>();
  for (const part of riding) {
    const [, name, rest] = NAMED.exec(part) ?? [];
    const isNamed = name !== undefined && has(name);
    const domain = isNamed ? name : endpoint;
    const credential = isNamed ? rest : part;
    if (domain === undefined || credential === undefined || credential === "")
      throw new UnclearDomainCredential(UNCLEAR);
    if (found.has(domain)) throw new UnclearDomainCredential(`There are two credentials for ${domain}: send one.`);
    found.set(domain, credential);
  }
  return found;
}

function split(text: string, isBearer: boolean): Credential {
  const secret = withoutDomainCredentials(text);
  const riding = secret.length === text.length ? ALONE : text.slice(secret.length + 2).split("::");
  return { secret, bearer: isBearer ? secret : undefined, riding };
}
