import { setTimeout as wait } from "node:timers/promises";
import type * as OAuth from "oauth4webapi";
import { DefinitionError } from "../../define/definition-error.ts";
import type { SecretReference } from "../../define/secret.ts";
import { blockedAddressIn } from "../../outbound/blocked-address.ts";
import type { WrittenBy } from "../../outbound/may-reach.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { authenticationOf } from "./client-authentication.ts";
import { type BoundedRequest, fetchBounded } from "./fetch-bounded.ts";
import { TokenError } from "./token-errors.ts";

/** A private key that proves to an authorization server who asks (`private_key_jwt`). */
export interface ClientKey {
  /** In PEM: RSA, P-256, P-384, P-521 or Ed25519. */
  readonly key: SecretReference;
  /** By what id the server knows it, where it knows several. */
  readonly id?: string;
}

/** The client that this gate is at an authorization server. */
export interface GateClient {
  readonly clientId: string;
  /** Left out, without a key: a public client. */
  readonly clientSecret?: SecretReference;
  /** Instead of a secret: it is not sent, but signs each request. */
  readonly clientKey?: ClientKey;
  readonly scope?: string;
  /** What the token is for (RFC 8707), e.g. `https://crm.internal/mcp`. */
  readonly resource?: string;
}

/** An authorization server, and the client that this gate is there. */
export type AuthorizationServer = GateClient &
  (
    | {
        /** Where tokens are asked for. */
        readonly tokenUrl: string;
        readonly issuer?: never;
      }
    | {
        /** Its metadata say where (RFC 8414, or OpenID Connect Discovery). */
        readonly issuer: string;
        readonly tokenUrl?: never;
      }
  );

/** What a token is asked for with, beside the grant; what is undefined is left out. */
export type TokenParameters = Readonly<Record<string, string | undefined>>;

const TRY_MS = 4_000;
const PAUSES_MS = [200, 800] as const;
const METADATA_MS = 3_600_000;
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Asks one authorization server for tokens: `oauth4webapi` speaks, this decides what may be said again. */
export class TokenEndpoint {
  /** For people. */
  readonly name: string;
  readonly #options: AuthorizationServer;
  readonly #url: URL;
  #metadata: { readonly server: OAuth.AuthorizationServer; readonly until: number } | undefined;

  /** Throws `DefinitionError` for an address that no secret may be sent to. */
  constructor(options: AuthorizationServer) {
    this.#options = options;
    this.#url = safeUrl(options.tokenUrl ?? options.issuer);
    this.name = this.#url.host;
  }

  get secrets(): readonly SecretReference[] {
    return secretsOfClient(this.#options);
  }

  /**
   * Asks for a token, three times where there is no answer to rely on: the same each time, for a server may have done
   * what it did not come to say. Each try waits four seconds unless said otherwise. Rejects with a `TokenError`.
   */
  async request(
    grantType: string,
    parameters: TokenParameters,
    tryMs: number = TRY_MS,
  ): Promise<OAuth.TokenEndpointResponse> {
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        return await this.#ask(grantType, parameters, AbortSignal.timeout(tryMs));
      } catch (error) {
        const failure = this.#judge(error);
        if (failure.refusal === "invalid_client" && (await this.#hasNewSecret())) continue;
        if (failure.refusal !== undefined || pause === undefined) throw failure;
        await wait(pause);
      }
    }
    throw TokenError.refused(this.name, "invalid_client");
  }

  async #ask(
    grantType: string,
    parameters: TokenParameters,
    signal: AbortSignal,
  ): Promise<OAuth.TokenEndpointResponse> {
    const oauth = await import("oauth4webapi");
    const { clientId, scope, resource } = this.#options;
    const options = {
      signal,
      [oauth.customFetch]: (url: string, sent: BoundedRequest) => fetchBounded(url, sent, this.#writerOf(url)),
      [oauth.allowInsecureRequests]: this.#url.protocol === "http:",
    };
    const server = await this.#server(oauth, options);
    const given = Object.entries({ scope, resource, ...parameters });
    const response = await oauth.genericTokenEndpointRequest(
      server,
      { client_id: clientId },
      await authenticationOf(oauth, server, this.#options),
      grantType,
      given.filter((each): each is [string, string] => each[1] !== undefined),
      options,
    );
    const answer = await oauth.processGenericTokenEndpointResponse(server, { client_id: clientId }, response);
    if (answer.token_type !== "bearer")
      throw TokenError.refused(this.name, "it gives tokens of another type than bearer");
    return answer;
  }

  /** Where its metadata send to elsewhere, somebody else has chosen that. */
  #writerOf(url: string): WrittenBy {
    return new URL(url).origin === this.#url.origin ? "config" : "outside";
  }

  async #server(oauth: typeof OAuth, options: OAuth.DiscoveryRequestOptions): Promise<OAuth.AuthorizationServer> {
    const { tokenUrl } = this.#options;
    if (tokenUrl !== undefined) return { issuer: this.#url.origin, token_endpoint: tokenUrl };
    if (this.#metadata !== undefined && this.#metadata.until > performance.now()) return this.#metadata.server;
    const first = await oauth.discoveryRequest(this.#url, { ...options, algorithm: "oauth2" });
    // Some have the metadata of OpenID Connect alone.
    const isNotThere = first.status >= 400 && first.status < 500 && first.status !== 429;
    const response = isNotThere ? await oauth.discoveryRequest(this.#url, { ...options, algorithm: "oidc" }) : first;
    const server = await oauth.processDiscoveryResponse(this.#url, response);
    this.#metadata = { server, until: performance.now() + METADATA_MS };
    return server;
  }

  /** The library's errors carry whole answers: nothing of them is passed on but their codes. */
  #judge(error: unknown): TokenError {
    if (error instanceof TokenError) return error;
    const { name, error: code, status } = error as { name?: string; error?: unknown; status?: unknown };
    if (typeof code === "string" && /^[a-z_]{1,60}$/.test(code)) {
      const isPassing = status === 429 || Number(status) >= 500 || PASSING.has(code);
      if (!isPassing) return TokenError.refused(this.name, code, this.#hint(code));
      return TokenError.unavailable(this.name, `it answers ${String(status)} (${code})`);
    }
    if (name === "WWWAuthenticateChallengeError")
      return TokenError.refused(this.name, "invalid_client", this.#hint("invalid_client"));
    if (name === "TimeoutError") return TokenError.unavailable(this.name, "it did not answer in time");
    if (name === "OperationProcessingError" || name === "ResponseBodyError")
      return TokenError.unavailable(this.name, "what it answers is no answer of an authorization server");
    if (name === "SecretError" || name === "AnswerTooLongError")
      return TokenError.unavailable(this.name, (error as Error).message);
    const blocked = blockedAddressIn(error);
    if (blocked !== undefined)
      return TokenError.unavailable(this.name, `it leads to ${blocked.what}, which is not gone to`, error);
    if (isOfNetwork(error)) return TokenError.unavailable(this.name, "it cannot be reached", error);
    return TokenError.unavailable(this.name, "this gate itself failed to ask it; its log says how", error);
  }

  /** Metadata say how a secret is to be shown; without them a right one may be shown the wrong way. */
  #hint(code: string): string | undefined {
    const { clientSecret, tokenUrl } = this.#options;
    if (code !== "invalid_client" || clientSecret === undefined || tokenUrl === undefined) return undefined;
    return "the secret was shown by client_secret_basic; name the server by `issuer` where it wants another way";
  }

  async #hasNewSecret(): Promise<boolean> {
    const before = this.secrets.map(resolveSecret);
    await loadSecrets(this.secrets, { anew: true }).catch(() => undefined);
    return this.secrets.some((secret, at) => resolveSecret(secret) !== before[at]);
  }
}

const PASSING: ReadonlySet<string> = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

/** `fetch` rejects with a `TypeError` for whatever befalls a connection, and what did is its cause. */
function isOfNetwork(error: unknown): boolean {
  const { cause } = error instanceof TypeError ? error : {};
  return typeof (cause as { readonly code?: unknown } | undefined)?.code === "string";
}

/** What has to be loaded before a client can prove who it is. */
export function secretsOfClient({ clientSecret, clientKey }: GateClient): readonly SecretReference[] {
  return [clientSecret, clientKey?.key].filter((each) => each !== undefined);
}

function safeUrl(text: string): URL {
  const url = URL.parse(text);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
  if (url !== null && isSafe && url.username === "" && url.password === "") return url;
  throw new DefinitionError(
    {},
    `No token can be asked for at ${url === null ? "what is no URL" : `${url.protocol}//${url.host}`}.`,
    "Use https:, or http: on this machine, without a name or password in the address.",
  );
}
