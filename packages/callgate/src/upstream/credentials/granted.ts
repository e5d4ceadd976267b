import type { SecretReference } from "../../define/secret.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import type { UpstreamCredential } from "../credential.ts";
import { KeptToken } from "./kept-token.ts";
import { type ClientAtNamedServer, NamedByServer } from "./named-by-server.ts";
import { toToken } from "./token.ts";
import type { AuthorizationServer, TokenParameters } from "./token-endpoint.ts";
import { TokenError } from "./token-errors.ts";
import { NamedByConfig } from "./token-place.ts";

/** By what a token is asked for, beside the gate's client. */
export interface Grant {
  readonly type: string;
  readonly secrets?: readonly SecretReference[];
  readonly parameters?: () => TokenParameters;
}

/** The gate's client at an authorization server that the config names, or the MCP server. */
export type GrantingServer = AuthorizationServer | ClientAtNamedServer;

/** A token of the gate's own: one request for all calls that wait, a new one before the old one ends. */
export function granted(options: GrantingServer, { type, secrets = [], parameters }: Grant): UpstreamCredential {
  const place = isNamed(options) ? new NamedByConfig(options) : new NamedByServer(options);
  let clock = Date.now;
  const token = new KeptToken({
    clock: () => clock(),
    find: async () => {
      const { endpoint, parameters: known } = await place.find();
      const askedAt = clock();
      return toToken(await endpoint.request(type, { ...known, ...parameters?.() }), askedAt);
    },
  });
  return {
    open: async (host, server) => {
      clock = host.clock;
      place.open(host, server);
      await loadSecrets([...place.secrets, ...secrets], { anew: true });
    },
    headers: async ({ signal }) => {
      try {
        return { authorization: `Bearer ${await token.value(signal)}` };
      } catch (error) {
        // A server that says nowhere who gives tokens is asked without one: it may say so when it refuses that.
        if (error instanceof TokenError && error.isUndemanded) return {};
        throw error;
      }
    },
    refused: ({ signal }, { authorization = "" }, challenge) => {
      const shown = authorization.slice("Bearer ".length);
      return place.learn(challenge) ? token.renew(shown, signal) : token.refused(shown, signal);
    },
    lacks: ({ signal }, { authorization = "" }, challenge) => {
      const shown = authorization.slice("Bearer ".length);
      return place.learn(challenge) ? token.renew(shown, signal) : token.other(shown, signal);
    },
  };
}

function isNamed(options: GrantingServer): options is AuthorizationServer {
  return options.issuer !== undefined || options.tokenUrl !== undefined;
}
