import type { BackendHost } from "../../define/backend-host.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import type { CredentialUse, UpstreamCredential } from "../credential.ts";
import { KeptToken } from "./kept-token.ts";
import { claimsOf, type StatementOptions } from "./statement.ts";
import { toToken } from "./token.ts";
import { type AuthorizationServer, TokenEndpoint } from "./token-endpoint.ts";

/** Where a statement is exchanged for a token, and what that is for (RFC 8693). */
export type TokenExchangeOptions = AuthorizationServer &
  Pick<StatementOptions, "subjectOf"> & {
    /** The server that the token is for, as the authorization server calls it. */
    readonly audience?: string;
    /** Whom the statement is for: the authorization server. Its address unless said otherwise. */
    readonly statementAudience?: string;
  };

const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT = "urn:ietf:params:oauth:token-type:jwt";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const STATEMENT_SECONDS = 60;
const MOST_SUBJECTS = 5_000;

/**
 * A token for whom the call is (RFC 8693): the gate's signed statement is exchanged for it, never the client's token. One
 * for each subject, until it ends; where the exchange fails, that subject's request is not made.
 */
export function tokenExchange(options: TokenExchangeOptions): UpstreamCredential {
  const endpoint = new TokenEndpoint(options);
  const { audience, subjectOf, statementAudience = options.issuer ?? options.tokenUrl } = options;
  const kept = new Map<string, KeptToken>();
  let host: BackendHost | undefined;

  const keptOf = (use: CredentialUse): KeptToken => {
    if (host === undefined) throw new Error("the credential was not opened");
    const { statements, clock } = host;
    // One token for all tools of a subject: which of them is called is no part of it.
    const { tool: _, ...whom } = use;
    const claims = claimsOf(whom, { subjectOf, gate: statements.issuer });
    const key = JSON.stringify(claims);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const token = new KeptToken({
      clock,
      find: async () => {
        const askedAt = clock();
        const said = await statements.sign(claims, { audience: statementAudience, seconds: STATEMENT_SECONDS });
        const given = { subject_token: said, subject_token_type: JWT, requested_token_type: ACCESS_TOKEN, audience };
        return toToken(await endpoint.request(GRANT, given), askedAt);
      },
    });
    const [oldest] = kept.keys();
    if (kept.size >= MOST_SUBJECTS && oldest !== undefined) kept.delete(oldest);
    kept.set(key, token);
    return token;
  };
  return {
    open: async (given) => {
      host = given;
      await loadSecrets(endpoint.secrets, { anew: true });
    },
    headers: async (use) => ({ authorization: `Bearer ${await keptOf(use).value(use.signal)}` }),
    refused: (use, { authorization = "" }) => keptOf(use).refused(authorization.slice("Bearer ".length), use.signal),
  };
}
