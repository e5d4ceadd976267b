import type { JsonObject } from "../../wire/exchange.ts";
import type { Link } from "./link.ts";
import { ofTheGate } from "./list-all.ts";
import { standardHeaders } from "./standard-headers.ts";
import { withEnvelope } from "./with-envelope.ts";

/** `server/discover`; what an old server says to it tells that it is one. */
export function askDiscover(link: Link, signal: AbortSignal): Promise<JsonObject> {
  const method = "server/discover";
  const params = withEnvelope({}, { capabilities: {} });
  return link.ask({ ...ofTheGate, method, params, headers: standardHeaders(method, params), signal });
}
