import type { Presented } from "../wire/exchange.ts";

/** What a client presented: its own credential, and those that ride along for single domains (`mcpKey::domainKey`). */
export interface Credential {
  /** The client's own, wherever it stood; undefined where none was presented. */
  readonly secret: string | undefined;
  /** The same, where it stood behind `Authorization: Bearer`. */
  readonly bearer: string | undefined;
  readonly forDomains: ReadonlyMap<string, string> | undefined;
}

/** A credential rides along, but it is not said for which domain. */
export class UnclearDomainCredential extends Error {
  override readonly name = "UnclearDomainCredential";
}

const NOTHING: Credential = { secret: undefined, bearer: undefined, forDomains: undefined };
const BEARER = /^bearer +(\S+)$/i;
const NAMED = /^([a-z][a-z0-9-]{0,62})=(.+)$/;

/**
 * Reads `Authorization: Bearer` or `X-API-Key`. On a domain's own endpoint `key::credential` belongs to that
 * domain; elsewhere each one names its domain: `key::bookings=credential::guests=credential`.
 */
export function credentialOf(presented: Presented, endpoint: string | undefined): Credential {
  const { authorization } = presented;
  if (authorization !== undefined) {
    const bearer = BEARER.exec(authorization.trim())?.[1];
    // Another scheme is a credential too: presented, and for the team's own function to judge.
    return bearer === undefined
      ? { secret: authorization, bearer: undefined, forDomains: undefined }
      : split(bearer, endpoint, true);
  }
  const apiKey = presented.header("x-api-key");
  return apiKey === undefined ? NOTHING : split(apiKey.trim(), endpoint, false);
}

/** The client's own part of `key::credential`. */
export function withoutDomainCredentials(text: string): string {
  const cut = text.indexOf("::");
  return cut === -1 ? text : text.slice(0, cut);
}

function split(text: string, endpoint: string | undefined, isBearer: boolean): Credential {
  const secret = withoutDomainCredentials(text);
  const forDomains =
    secret.length === text.length ? undefined : domainCredentials(text.slice(secret.length + 2), endpoint);
  return { secret, bearer: isBearer ? secret : undefined, forDomains };
}

function domainCredentials(text: string, endpoint: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split("::")) {
    const [, domain = endpoint, credential = part] = NAMED.exec(part) ?? [];
    if (domain === undefined || credential === "") {
      throw new UnclearDomainCredential(
        "A credential for a domain must say for which: key::domain=credential, or use the domain's own address /mcp/<domain>.",
      );
    }
    if (found.has(domain)) throw new UnclearDomainCredential(`There are two credentials for ${domain}: send one.`);
    found.set(domain, credential);
  }
  return found;
}
