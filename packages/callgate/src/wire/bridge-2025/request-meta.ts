import type { ClientCapabilities, Implementation } from "@modelcontextprotocol/server";
import type { JsonObject, RequestMeta } from "../exchange.ts";
import { isJsonObject } from "../json-rpc.ts";

/** What a 2025 client said of itself once, when the session began. */
export interface ClientFacts {
  readonly info: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
  readonly logLevel: string;
}

const nothing: JsonObject = Object.freeze({});

/** The metadata that later revisions send with each request, put together from the session and the request. */
export function requestMeta(params: JsonObject | undefined, client: ClientFacts): RequestMeta {
  const sent = params?.["_meta"];
  const meta = isJsonObject(sent) ? sent : nothing;
  const token = meta["progressToken"];
  return {
    clientInfo: client.info && { name: client.info.name, version: client.info.version },
    // Extensions are of later revisions: their answers are none that this era could carry.
    clientCapabilities: withoutExtensions(client.capabilities),
    logLevel: client.logLevel,
    progressToken: typeof token === "string" || typeof token === "number" ? token : undefined,
    traceparent: textOf(meta["traceparent"]),
    tracestate: textOf(meta["tracestate"]),
    baggage: textOf(meta["baggage"]),
    all: meta,
  };
}

function withoutExtensions(capabilities: JsonObject): JsonObject {
  if (capabilities["extensions"] === undefined) return capabilities;
  const { extensions: _, ...others } = capabilities;
  return others;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
