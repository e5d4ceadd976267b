/** The revision that this folder speaks. */
export const revision = "2026-07-28";

/** Every revision that is served with a per-request envelope; what `server/discover` and `-32022` name. */
export const supportedRevisions: readonly string[] = [revision];

/** Keys of `_meta` that the specification reserves. */
export const metaKey = {
  protocolVersion: "io.modelcontextprotocol/protocolVersion",
  clientInfo: "io.modelcontextprotocol/clientInfo",
  clientCapabilities: "io.modelcontextprotocol/clientCapabilities",
  logLevel: "io.modelcontextprotocol/logLevel",
  serverInfo: "io.modelcontextprotocol/serverInfo",
  subscriptionId: "io.modelcontextprotocol/subscriptionId",
} as const;
