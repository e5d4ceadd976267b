import type { JsonObject } from "../../wire/exchange.ts";
import { takesThisRevision } from "./era.ts";
import type { Link } from "./link.ts";
import { ofTheGate } from "./list-all.ts";
import { standardHeaders } from "./standard-headers.ts";
import { withEnvelope } from "./with-envelope.ts";

/** `server/discover`; what an old server says to it tells that it is one. */
export async function askDiscover(link: Link, signal: AbortSignal): Promise<JsonObject> {
  const method = "server/discover";
  const params = withEnvelope({}, { capabilities: {} });
  const ask = (): Promise<JsonObject> =>
    link.ask({ ...ofTheGate, method, params, headers: standardHeaders(method, params), signal });
  return ask().catch((error: unknown) => {
    if (!takesThisRevision(error)) throw error;
    return ask();
  });
}
