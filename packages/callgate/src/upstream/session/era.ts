import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { revision } from "../../wire/revisions/2026-07-28/revision.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { UpstreamError } from "../upstream-error.ts";

/** Whether what `server/discover` has answered names the revision that is spoken here. */
export function speaksModern({ supportedVersions }: JsonObject): boolean {
  return Array.isArray(supportedVersions) && supportedVersions.includes(revision);
}

/** These say something of the caller or of the moment, and nothing of the server's era. */
const ofNoEra: ReadonlySet<number> = new Set([401, 403, 407, 408, 421, 425, 426, 429, 451]);

/**
 * Whether what became of `server/discover` is what an old server makes of it: some error of its own, or on HTTP a status
 * that says that the request is not understood. A server that is away, busy or broken tells nothing of its era.
 */
export function isOldServer(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { fault } = error;
  if (fault.kind === "refused") return true;
  if (fault.kind !== "nonsense" || fault.status === undefined) return false;
  return fault.status >= 400 && fault.status < 500 && !ofNoEra.has(fault.status);
}

/** It refuses the revision and names it among those that it takes: whatever was in the way then, it is not an old server. */
export function takesThisRevision(error: unknown): boolean {
  if (!(error instanceof UpstreamError) || error.fault.kind !== "refused") return false;
  const { code, data } = error.fault;
  const supported = isJsonObject(data) ? data["supported"] : undefined;
  return code === rpcCode.unsupportedVersion && Array.isArray(supported) && supported.includes(revision);
}
