import type { SecretReference } from "../../define/secret.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import type { UpstreamCredential } from "../credential.ts";
import { type GrantingServer, granted } from "./granted.ts";

/** Where the platform's assertion is exchanged for a token, and where it stands. */
export type WorkloadIdentityOptions = GrantingServer & {
  /** The JWT that the platform gives to this process, e.g. the file of a projected service account token; read for each use. */
  readonly assertion: SecretReference;
};

/**
 * A token for the identity that the gate's process has on its platform (RFC 7523): no secret of its own is kept. With
 * neither `issuer` nor `tokenUrl` the MCP server says where it is asked for.
 */
export function workloadIdentity({ assertion, ...options }: WorkloadIdentityOptions): UpstreamCredential {
  return granted(options, {
    type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    secrets: [assertion],
    parameters: () => ({ assertion: resolveSecret(assertion) }),
  });
}
