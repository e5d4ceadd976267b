import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { metaKey, revision } from "../../wire/revisions/2026-07-28/revision.ts";
import { clientInfo } from "./client-info.ts";

interface Envelope {
  readonly capabilities: JsonObject;
  readonly traceparent?: string;
  /** The least level of log messages that is asked for; none where it is left out. */
  readonly hears?: string | undefined;
}

/** Params with the envelope that every request of this revision carries; the rest of their `_meta` is kept. */
export function withEnvelope(params: JsonObject, { capabilities, traceparent, hears }: Envelope): JsonObject {
  const { _meta: given } = params;
  const meta: Record<string, unknown> = isJsonObject(given) ? { ...given } : {};
  meta[metaKey.protocolVersion] = revision;
  meta[metaKey.clientInfo] = clientInfo;
  meta[metaKey.clientCapabilities] = capabilities;
  if (hears !== undefined) meta[metaKey.logLevel] = hears;
  if (traceparent !== undefined) meta["traceparent"] = traceparent;
  return { ...params, _meta: meta };
}
