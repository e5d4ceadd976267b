import { loadSecrets } from "../../secrets/load-secrets.ts";
import type { UpstreamCredential } from "../credential.ts";
import { KeptToken } from "./kept-token.ts";
import { toToken } from "./token.ts";
import { type AuthorizationServer, TokenEndpoint } from "./token-endpoint.ts";

/**
 * A token that the gate gets as itself, by the client credentials grant. Each replica has its own; one request for all
 * calls that wait, a new one before the old one ends.
 */
export function clientCredentials(options: AuthorizationServer): UpstreamCredential {
  const endpoint = new TokenEndpoint(options);
  let clock = Date.now;
  const token = new KeptToken({
    clock: () => clock(),
    find: async () => {
      const askedAt = clock();
      return toToken(await endpoint.request("client_credentials", {}), askedAt);
    },
  });
  return {
    open: async (host) => {
      clock = host.clock;
      await loadSecrets(endpoint.secrets, { anew: true });
    },
    headers: async ({ signal }) => ({ authorization: `Bearer ${await token.value(signal)}` }),
    refused: ({ signal }, { authorization = "" }) => token.refused(authorization.slice("Bearer ".length), signal),
  };
}
