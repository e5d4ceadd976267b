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
  const meta = params["_meta"];
  return {
    ...params,
    _meta: {
      ...(isJsonObject(meta) && meta),
      [metaKey.protocolVersion]: revision,
      [metaKey.clientInfo]: clientInfo,
      [metaKey.clientCapabilities]: capabilities,
      ...(hears !== undefined && { [metaKey.logLevel]: hears }),
      ...(traceparent !== undefined && { traceparent }),
    },
  };
}
