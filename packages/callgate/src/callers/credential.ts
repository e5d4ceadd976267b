import type { Presented } from "../wire/exchange.ts";

/** What a client presented: its own credential, and those that ride along for single domains (`mcpKey::domainKey`). */
export interface Credential {
  readonly bearer: string | undefined;
  readonly forDomains: ReadonlyMap<string, string> | undefined;
}

/** A credential rides along, but it is not said for which domain. */
export class UnclearDomainCredential extends Error {
  override readonly name = "UnclearDomainCredential";
}

const NOTHING: Credential = { bearer: undefined, forDomains: undefined };

/**
 * Reads `Authorization: Bearer` or `X-API-Key`. On a domain's own endpoint `key::credential` belongs to that
 * domain; elsewhere each one names its domain: `key::bookings=credential::guests=credential`.
 */
export function credentialOf(presented: Presented, endpoint: string | undefined): Credential {
  const text = bearerOf(presented);
  if (text === undefined) return NOTHING;
  const cut = text.indexOf("::");
  if (cut === -1) return { bearer: text, forDomains: undefined };
  const forDomains = new Map<string, string>();
  for (const part of text.slice(cut + 2).split("::")) {
    const [domain, credential] = domainAndCredential(part, endpoint);
    forDomains.set(domain, credential);
  }
  return { bearer: text.slice(0, cut), forDomains };
}

function bearerOf(presented: Presented): string | undefined {
  const { authorization } = presented;
  if (authorization !== undefined) {
    const bearer = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
    // Another scheme is a credential too: presented, and not one that is known here.
    return bearer ?? authorization;
  }
  return presented.header("x-api-key");
}

function domainAndCredential(part: string, endpoint: string | undefined): readonly [string, string] {
  const named = /^([a-z][a-z0-9-]*)=(.+)$/.exec(part);
  if (named?.[1] !== undefined && named[2] !== undefined) return [named[1], named[2]];
  if (endpoint === undefined || part === "") {
    throw new UnclearDomainCredential(
      "A credential for a domain must say for which: key::domain=credential, or use the domain's own address /mcp/<domain>.",
    );
  }
  return [endpoint, part];
}
