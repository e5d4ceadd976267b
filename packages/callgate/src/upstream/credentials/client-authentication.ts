import { createPrivateKey } from "node:crypto";
import type * as OAuth from "oauth4webapi";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { SecretError } from "../../secrets/secret-error.ts";
import type { AuthorizationServer } from "./token-endpoint.ts";

/** How the gate's client proves to an authorization server that it is that client: by a key, a secret, or not at all. */
export async function authenticationOf(
  oauth: typeof OAuth,
  server: OAuth.AuthorizationServer,
  { clientSecret, clientKey, tokenUrl }: AuthorizationServer,
): Promise<OAuth.ClientAuth> {
  const pem = clientKey && resolveSecret(clientKey.key);
  // A server that the config names by its token endpoint alone knows itself by that.
  if (pem !== undefined) return byKey(oauth, { pem, id: clientKey?.id, audience: tokenUrl ?? server.issuer });
  const secret = clientSecret && resolveSecret(clientSecret);
  if (secret === undefined) return oauth.None();
  const taken = server.token_endpoint_auth_methods_supported;
  const isPost = taken?.includes("client_secret_post") === true && !taken.includes("client_secret_basic");
  return isPost ? oauth.ClientSecretPost(secret) : byBasic(secret);
}

/**
 * RFC 6749, 2.3.1, with letters, digits, `-`, `.`, `_` and `*` as they are: to encode these too is right, and more than
 * some servers decode.
 */
function byBasic(secret: string): OAuth.ClientAuth {
  return (...[, { client_id: id }, , headers]) => {
    headers.set("authorization", `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64")}`);
  };
}

function encode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

interface Signing {
  readonly pem: string;
  readonly id: string | undefined;
  readonly audience: string;
}

/** RFC 7523: a statement that the client signs, for this server alone. */
async function byKey(oauth: typeof OAuth, { pem, id, audience }: Signing): Promise<OAuth.ClientAuth> {
  const { importPKCS8 } = await import("jose");
  const { algorithm, pkcs8 } = readKey(pem);
  const key = await importPKCS8(pkcs8, algorithm);
  return oauth.PrivateKeyJwt(id === undefined ? { key } : { key, kid: id }, {
    [oauth.modifyAssertion]: (_header, payload) => {
      payload["aud"] = audience;
    },
  });
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };

function readKey(pem: string): { readonly algorithm: string; readonly pkcs8: string } {
  try {
    const key = createPrivateKey(pem);
    const { asymmetricKeyType: kind, asymmetricKeyDetails: { namedCurve = "" } = {} } = key;
    const algorithm = kind === "rsa" ? "RS256" : kind === "ed25519" ? "Ed25519" : CURVES[namedCurve];
    if (algorithm === undefined) throw new Error(`a key of the kind ${kind} ${namedCurve} signs nothing here`);
    return { algorithm, pkcs8: key.export({ type: "pkcs8", format: "pem" }).toString() };
  } catch {
    // What the parser says of a key that it cannot read may quote it.
    throw new SecretError("the client's key is no private key in PEM: RSA, P-256, P-384, P-521 or Ed25519");
  }
}
