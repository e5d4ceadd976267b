import type { UpstreamCredential } from "../credential.ts";
import { type GrantingServer, granted } from "./granted.ts";

/**
 * A token that the gate gets as itself, by the client credentials grant. Each replica has its own; one request for all
 * calls that wait, a new one before the old one ends. With neither `issuer` nor `tokenUrl` the MCP server says where.
 */
export function clientCredentials(options: GrantingServer): UpstreamCredential {
  return granted(options, { type: "client_credentials" });
}
