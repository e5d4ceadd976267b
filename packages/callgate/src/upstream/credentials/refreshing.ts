import { createHash } from "node:crypto";
import type { SecretReference } from "../../define/secret.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import type { UpstreamCredential } from "../credential.ts";
import { KeptToken } from "./kept-token.ts";
import { RotatingToken } from "./rotating-token.ts";
import { type AuthorizationServer, TokenEndpoint } from "./token-endpoint.ts";

/** Where tokens are refreshed, and the first refresh token (RFC 6749, section 6). */
export type RefreshingOptions = AuthorizationServer & {
  /** The refresh token that a person's consent has given: the first one. Those that follow are in the store, sealed. */
  readonly refreshToken: SecretReference;
};

/**
 * Tokens on behalf of the person who has consented, by a refresh token that may rotate. All replicas share what is in the
 * store: one asks at a time, and the others take what it got. Where the server has taken the consent back, what is in
 * the store is erased, and the reference is looked at for a new one.
 */
export function refreshing(options: RefreshingOptions): UpstreamCredential {
  const endpoint = new TokenEndpoint(options);
  const references = [...endpoint.secrets, options.refreshToken];
  let kept: KeptToken | undefined;
  let rotating: RotatingToken | undefined;
  const token = (): KeptToken => {
    if (kept === undefined) throw new Error("the credential was not opened");
    return kept;
  };
  return {
    open: async (host) => {
      await loadSecrets(references, { anew: true });
      await rotating?.settle();
      const opened = new RotatingToken({ host, endpoint, name: nameOf(options), seed: options.refreshToken });
      rotating = opened;
      kept = new KeptToken({ clock: host.clock, find: (refused) => opened.find(refused) });
    },
    headers: async ({ signal }) => ({ authorization: `Bearer ${await token().value(signal)}` }),
    refused: ({ signal }, { authorization = "" }) => token().refused(authorization.slice("Bearer ".length), signal),
    close: () => rotating?.settle(),
  };
}

/** The same for every replica, and for every start. */
function nameOf({ issuer, tokenUrl, clientId, scope = "", resource = "", refreshToken }: RefreshingOptions): string {
  const parts = [issuer ?? tokenUrl, clientId, scope, resource, refreshToken.kind, refreshToken.name];
  return `refresh:${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32)}`;
}
