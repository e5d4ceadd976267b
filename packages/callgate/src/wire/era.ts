import type { ErrorAnswer } from "./exchange.ts";
import { headerMismatch } from "./header-mismatch.ts";
import type { NotificationFrame, RequestFrame } from "./json-rpc.ts";
import { claimedRevision, claimsEnvelope, readEnvelope } from "./revisions/2026-07-28/envelope.ts";
import { revision } from "./revisions/2026-07-28/revision.ts";

/** `modern`: every request carries its envelope (2026-07-28 on). `legacy`: `initialize` and sessions (2025). */
export type Era = "modern" | "legacy";

const date = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Which era a message belongs to. The body decides; the version header only refuses what contradicts it: 2025 clients
 * send that header too. `versionHeader` is undefined on transports without headers.
 */
export function eraOf(frame: RequestFrame | NotificationFrame, versionHeader: string | undefined): Era | ErrorAnswer {
  const headerIsModern = versionHeader !== undefined && isModern(versionHeader);
  if (frame.method === "initialize" && !hasValidEnvelope(frame)) {
    return headerIsModern
      ? headerMismatch("MCP-Protocol-Version", "names a revision that has no initialize")
      : "legacy";
  }
  if (claimsEnvelope(frame.params)) return "modern";
  if (!headerIsModern) return "legacy";
  if (frame.kind === "notification") return "modern";
  const fault = readEnvelope(frame.params);
  return "kind" in fault ? fault : "modern";
}

function isModern(version: string): boolean {
  return version === revision || (date.test(version) && version > revision);
}

function hasValidEnvelope(frame: RequestFrame | NotificationFrame): boolean {
  const version = claimedRevision(frame.params);
  return version !== undefined && isModern(version) && !("kind" in readEnvelope(frame.params));
}
