import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { revision } from "../../wire/revisions/2026-07-28/revision.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { UpstreamError } from "../upstream-error.ts";
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

/** It refuses the revision and names it among those that it takes: whatever was in the way then, it is not an old server. */
function takesThisRevision(error: unknown): boolean {
  if (!(error instanceof UpstreamError) || error.fault.kind !== "refused") return false;
  const { code, data } = error.fault;
  const supported = isJsonObject(data) ? data["supported"] : undefined;
  return code === rpcCode.unsupportedVersion && Array.isArray(supported) && supported.includes(revision);
}
