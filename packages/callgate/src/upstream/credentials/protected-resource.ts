import { fetchBounded } from "./fetch-bounded.ts";
import { TokenError } from "./token-errors.ts";

/** What an MCP server says of the tokens that it takes (RFC 9728). */
export interface ProtectedResource {
  /** Its own name for itself, as it is written there. */
  readonly resource: string;
  /** Who gives tokens for it. */
  readonly issuers: readonly string[];
  readonly scopes: readonly string[];
}

const ACCEPT = { accept: "application/json" };
const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/**
 * Asks a server where tokens for it are given: at the place that its challenge has named, else at the well-known ones.
 * Undefined where it says nothing. What it says leads no further than to itself: its metadata are read at its own origin
 * alone, and must be its own.
 */
export async function findProtectedResource(
  server: URL,
  { location, signal }: { readonly location: string | undefined; readonly signal: AbortSignal },
): Promise<ProtectedResource | undefined> {
  for (const place of placesOf(server, location)) {
    // The server's own origin, which stands in the config.
    const response = await fetchBounded(place.href, { headers: ACCEPT, signal }, "config").catch(() => {
      throw TokenError.unavailable(server.host, "it cannot be asked who gives them");
    });
    if (response.status >= 500 || response.status === 429)
      throw TokenError.unavailable(server.host, `its metadata answer ${response.status}`);
    if (response.status === 200) return readResource(await response.text(), server);
  }
  return undefined;
}

function placesOf(server: URL, location: string | undefined): readonly URL[] {
  if (location !== undefined) {
    const place = URL.parse(location);
    if (place?.origin === server.origin) return [place];
    throw TokenError.refused(server.host, "it says what it is at another place than its own");
  }
  const path = server.pathname === "/" ? "" : server.pathname;
  return [...new Set([`${WELL_KNOWN}${path}`, WELL_KNOWN])].map((each) => new URL(each, server));
}

function readResource(text: string, server: URL): ProtectedResource {
  const said = parseOrNothing(text);
  const { resource, authorization_servers: issuers, scopes_supported: scopes } = said;
  if (typeof resource !== "string" || !isTexts(issuers) || issuers.length === 0)
    throw TokenError.refused(server.host, "its metadata are not those of a protected resource");
  if (!isWithin(server, URL.parse(resource)))
    throw TokenError.refused(server.host, "its metadata are those of another server");
  return { resource, issuers, scopes: isTexts(scopes) ? scopes : [] };
}

function parseOrNothing(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** The server itself, or what it is a part of at the same origin. */
function isWithin(server: URL, resource: URL | null): boolean {
  if (resource === null || resource.origin !== server.origin) return false;
  const parts = (url: URL): readonly string[] => url.pathname.split("/").filter((part) => part !== "");
  const own = parts(server);
  return parts(resource).every((part, at) => part === own[at]);
}
