import { setTimeout as wait } from "node:timers/promises";
import type * as OAuth from "oauth4webapi";
import { DefinitionError } from "../../define/definition-error.ts";
import type { SecretReference } from "../../define/secret.ts";
import { blockedAddressIn } from "../../outbound/blocked-address.ts";
import { guardedFetch } from "../../outbound/guarded-fetch.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { readBounded } from "../../secrets/read-bounded.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { TokenError } from "./token-errors.ts";

/** An authorization server, and the client that this gate is there. */
export type AuthorizationServer = (
  | {
      /** Where tokens are asked for. */
      readonly tokenUrl: string;
      readonly issuer?: never;
    }
  | {
      /** Its metadata say where (RFC 8414). */
      readonly issuer: string;
      readonly tokenUrl?: never;
    }
) & {
  readonly clientId: string;
  /** Left out: a public client. */
  readonly clientSecret?: SecretReference;
  readonly scope?: string;
  /** What the token is for (RFC 8707), e.g. `https://crm.internal/mcp`. */
  readonly resource?: string;
};

type Parameters = Readonly<Record<string, string | undefined>>;

/** One try; three of them have to end before a lease does. */
const TRY_MS = 4_000;
const PAUSES_MS = [200, 800] as const;
const MOST_BYTES = 64 * 1024;
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
    return this.#options.clientSecret === undefined ? [] : [this.#options.clientSecret];
  }

  /**
   * Asks for a token, three times where there is no answer to rely on: the same each time, for a server may have done
   * what it did not come to say. Rejects with a `TokenError`.
   */
  async request(grantType: string, parameters: Parameters): Promise<OAuth.TokenEndpointResponse> {
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        return await this.#ask(grantType, parameters);
      } catch (error) {
        const failure = this.#judge(error);
        if (failure.refusal === "invalid_client" && (await this.#hasNewSecret())) continue;
        if (failure.refusal !== undefined || pause === undefined) throw failure;
        await wait(pause);
      }
    }
    throw TokenError.refused(this.name, "invalid_client");
  }

  async #ask(grantType: string, parameters: Parameters): Promise<OAuth.TokenEndpointResponse> {
    const oauth = await import("oauth4webapi");
    const { clientId, clientSecret, scope, resource } = this.#options;
    const options = {
      signal: AbortSignal.timeout(TRY_MS),
      [oauth.customFetch]: (url: string, sent: Sent) => fetchBounded(url, sent, this.#url.origin),
      [oauth.allowInsecureRequests]: this.#url.protocol === "http:",
    };
    const server = await this.#server(oauth, options);
    const secret = clientSecret && resolveSecret(clientSecret);
    const given = Object.entries({ scope, resource, ...parameters });
    const response = await oauth.genericTokenEndpointRequest(
      server,
      { client_id: clientId },
      secret === undefined ? oauth.None() : authenticationOf(oauth, server)(secret),
      grantType,
      given.filter((each): each is [string, string] => each[1] !== undefined),
      options,
    );
    const answer = await oauth.processGenericTokenEndpointResponse(server, { client_id: clientId }, response);
    if (answer.token_type !== "bearer")
      throw TokenError.refused(this.name, "it gives tokens of another type than bearer");
    return answer;
  }

  async #server(oauth: typeof OAuth, options: OAuth.DiscoveryRequestOptions): Promise<OAuth.AuthorizationServer> {
    const { tokenUrl } = this.#options;
    if (tokenUrl !== undefined) return { issuer: this.#url.origin, token_endpoint: tokenUrl };
    if (this.#metadata !== undefined && this.#metadata.until > performance.now()) return this.#metadata.server;
    const response = await oauth.discoveryRequest(this.#url, { ...options, algorithm: "oauth2" });
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
      if (!isPassing) return TokenError.refused(this.name, code);
      return TokenError.unavailable(this.name, `it answers ${String(status)} (${code})`);
    }
    if (name === "WWWAuthenticateChallengeError") return TokenError.refused(this.name, "invalid_client");
    if (name === "TimeoutError") return TokenError.unavailable(this.name, "it did not answer in time");
    if (name === "OperationProcessingError")
      return TokenError.unavailable(this.name, "what it answers is no answer of an authorization server");
    if (name === "SecretError") return TokenError.unavailable(this.name, (error as Error).message);
    const blocked = blockedAddressIn(error);
    const why = blocked === undefined ? "it cannot be reached" : `it leads to ${blocked.what}, which is not gone to`;
    return TokenError.unavailable(this.name, why);
  }

  async #hasNewSecret(): Promise<boolean> {
    const { clientSecret } = this.#options;
    if (clientSecret === undefined) return false;
    const before = resolveSecret(clientSecret);
    await loadSecrets([clientSecret], { anew: true }).catch(() => undefined);
    return resolveSecret(clientSecret) !== before;
  }
}

const PASSING: ReadonlySet<string> = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

function authenticationOf(
  oauth: typeof OAuth,
  server: OAuth.AuthorizationServer,
): (secret: string) => OAuth.ClientAuth {
  const taken = server.token_endpoint_auth_methods_supported;
  const isPost = taken?.includes("client_secret_post") === true && !taken.includes("client_secret_basic");
  return isPost ? oauth.ClientSecretPost : oauth.ClientSecretBasic;
}

/** Whole answers of a bounded size. Identity tokens are left out: what nobody uses need not be verified. */
type Sent = OAuth.CustomFetchOptions<"GET" | "POST", URLSearchParams | undefined>;

async function fetchBounded(url: string, sent: Sent, saidOrigin: string): Promise<Response> {
  // Where its metadata send to elsewhere, somebody else has chosen that.
  const writtenBy = new URL(url).origin === saidOrigin ? "config" : "outside";
  const response = await guardedFetch(url, sent as RequestInit, writtenBy);
  const { status, headers } = response;
  const text = await readBounded(response, MOST_BYTES);
  return new Response(text === "" ? null : withoutIdToken(text), { status, headers });
}

function withoutIdToken(text: string): string {
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as { readonly id_token?: unknown };
    return JSON.stringify(rest);
  } catch {
    return text;
  }
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
