import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { Provider, type TokenContext } from "oidc-provider";

/**
 * A real authorization server (oidc-provider) in a process of its own, beside it what tests ask of it: a consent
 * (`/test/consent`), whether a token holds (`/test/holds`), to take a consent back (`/test/revoke`). Says its port by IPC.
 */
const { PUBLIC_URL = "", TOKEN_SECONDS = "3600", JWKS_URL = "" } = process.env;
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const CLIENT = "gate";

const provider = new Provider(PUBLIC_URL, {
  clients: [
    {
      client_id: CLIENT,
      client_secret: "canary-client-secret-0123456789abcdef",
      grant_types: ["client_credentials", "refresh_token", "authorization_code", EXCHANGE],
      response_types: ["code"],
      redirect_uris: ["https://gate.example/callback"],
    },
  ],
  scopes: ["openid", "offline_access", "crm"],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: (_: unknown, resource: string) => ({
        scope: "crm",
        audience: resource,
        accessTokenFormat: "opaque",
      }),
    },
  },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: Number(TOKEN_SECONDS),
    ClientCredentials: Number(TOKEN_SECONDS),
    RefreshToken: 86_400,
    Grant: 86_400,
  },
  findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
});

provider.proxy = true;
provider.registerGrantType(EXCHANGE, exchange, [
  "subject_token",
  "subject_token_type",
  "audience",
  "requested_token_type",
]);

/** Takes statements of the gate for all but one subject. */
async function exchange(context: TokenContext): Promise<void> {
  const { subject_token: said = "" } = context.oidc.params;
  try {
    const keys = createRemoteJWKSet(new URL(JWKS_URL));
    const { payload } = await jwtVerify(said, keys, { audience: PUBLIC_URL });
    if (payload.sub === undefined || payload.sub.includes("mallory")) throw new Error("not this one");
    const { AccessToken } = provider;
    const token = new AccessToken({ client: context.oidc.client, accountId: payload.sub, scope: "crm", gty: EXCHANGE });
    context.body = {
      access_token: await token.save(),
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: Number(TOKEN_SECONDS),
    };
  } catch {
    Object.assign(context, { status: 400, body: { error: "invalid_grant", error_description: said } });
  }
}

async function consent(): Promise<string> {
  const client = await provider.Client.find(CLIENT);
  const grant = new provider.Grant({ accountId: "ann", clientId: CLIENT });
  grant.addOIDCScope("offline_access crm");
  const grantId = await grant.save();
  const of = { accountId: "ann", client, grantId, scope: "offline_access crm", gty: "authorization_code" };
  return new provider.RefreshToken(of).save();
}

async function revoke(refreshToken: string): Promise<string> {
  const token = await provider.RefreshToken.find(refreshToken);
  await token?.destroy();
  return token === undefined ? "unknown" : "revoked";
}

async function holds(token: string): Promise<string> {
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  if (found === undefined) return "no";
  return "accountId" in found && typeof found.accountId === "string" ? found.accountId : "gate";
}

const serve = provider.callback();
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://provider");
  const token = url.searchParams.get("token") ?? "";
  const asked = { "/test/consent": consent, "/test/revoke": () => revoke(token), "/test/holds": () => holds(token) };
  const ask = Object.hasOwn(asked, url.pathname) ? asked[url.pathname as keyof typeof asked] : undefined;
  if (ask === undefined) return serve(request, response);
  ask().then(
    (answer) => response.end(answer),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit(0));
