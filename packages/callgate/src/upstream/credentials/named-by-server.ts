import type { BackendHost } from "../../define/backend-host.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import type { SecretReference } from "../../define/secret.ts";
import type { ReachedServer } from "../credential.ts";
import { parseChallenge } from "./challenge.ts";
import { findProtectedResource, type ProtectedResource } from "./protected-resource.ts";
import { type GateClient, secretsOfClient, TokenEndpoint } from "./token-endpoint.ts";
import { TokenError } from "./token-errors.ts";
import type { TokenAsking, TokenPlace } from "./token-place.ts";

/** The gate's client at the authorization server that an MCP server names itself (RFC 9728). */
export type ClientAtNamedServer = GateClient & {
  readonly issuer?: never;
  readonly tokenUrl?: never;
  /** Hosts at which that authorization server may be; the MCP server's own unless said otherwise. */
  readonly issuersAt?: readonly string[];
};

interface Found {
  readonly endpoint: TokenEndpoint;
  readonly scopes: readonly string[];
}

const DISCOVERY_MS = 8_000;
const MOST_SCOPES = 200;
/** A server whose demands never end is not followed for ever: each of them is a request for a token. */
const MOST_LEARNED = 100;

/**
 * Where tokens for a server are asked for, as it says itself, at a host that the config allows: another authorization
 * server than the first is not shown the gate's client while this process lives. Without a `scope` in the config it
 * asks for those that the server demands, or else offers: 200 at most, and after 100 new demands it follows no further one
 * until it is opened anew.
 */
export class NamedByServer implements TokenPlace {
  readonly #options: ClientAtNamedServer;
  #server: URL | undefined;
  #location: string | undefined;
  #issuer: string | undefined;
  #found: Found | undefined;
  #scopes: readonly string[] = [];
  #learned = 0;

  constructor(options: ClientAtNamedServer) {
    this.#options = options;
  }

  get secrets(): readonly SecretReference[] {
    return secretsOfClient(this.#options);
  }

  open(_: BackendHost, server: ReachedServer | undefined): void {
    if (server === undefined)
      throw new Error("only an MCP server says where tokens are given: name `issuer` or `tokenUrl` instead");
    this.#server = new URL(server.url);
    this.#learned = 0;
  }

  async find(): Promise<TokenAsking> {
    this.#found ??= await this.#discover();
    const { endpoint, scopes } = this.#found;
    if (this.#options.scope !== undefined) return { endpoint, parameters: {} };
    if (this.#scopes.length === 0) this.#scopes = scopes.slice(0, MOST_SCOPES);
    return { endpoint, parameters: { scope: this.#scopes.join(" ") || undefined } };
  }

  learn(challenge: string | undefined): boolean {
    if (this.#learned >= MOST_LEARNED) return false;
    const { scope, resource_metadata: location } = parseChallenge(challenge);
    const isElsewhere = location !== undefined && location !== this.#location;
    if (isElsewhere) {
      this.#location = location;
      this.#found = undefined;
    }
    // Those that it had before are asked for again, or one call would take from another what that needs.
    const before = this.#scopes;
    const demanded = this.#options.scope === undefined ? (scope?.split(" ") ?? []) : [];
    const scopes = new Set([...before, ...demanded.filter((each) => each !== "")]);
    this.#scopes = [...scopes].slice(0, Math.max(before.length, MOST_SCOPES));
    const isNew = isElsewhere || this.#scopes.length > before.length;
    if (isNew) this.#learned += 1;
    return isNew;
  }

  async #discover(): Promise<Found> {
    const server = this.#server;
    if (server === undefined) throw new Error("the credential was not opened");
    const signal = AbortSignal.timeout(DISCOVERY_MS);
    const said = await findProtectedResource(server, { location: this.#location, signal });
    if (said === undefined) throw TokenError.undemanded(server.host);
    this.#issuer = this.#choose(said, server);
    const { issuersAt: _, ...client } = this.#options;
    const { resource = said.resource } = client;
    try {
      return { endpoint: new TokenEndpoint({ ...client, issuer: this.#issuer, resource }), scopes: said.scopes };
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      throw TokenError.refused(server.host, "it names an authorization server that is not reached by https");
    }
  }

  #choose({ issuers }: ProtectedResource, server: URL): string {
    const before = this.#issuer;
    if (before !== undefined && issuers.includes(before)) return before;
    if (before !== undefined)
      throw TokenError.refused(server.host, "it names another authorization server than the one that was asked so far");
    const { issuersAt = [server.hostname] } = this.#options;
    const allowed = issuers.find((issuer) => {
      const url = URL.parse(issuer);
      return url !== null && (issuersAt.includes(url.hostname) || issuersAt.includes(url.host));
    });
    if (allowed !== undefined) return allowed;
    const hosts = issuers.map((issuer) => URL.parse(issuer)?.host ?? "no URL").join(", ");
    throw TokenError.refused(
      server.host,
      `it names ${hosts}, which stands in the config neither as issuer nor in issuersAt`,
    );
  }
}
