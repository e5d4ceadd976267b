import type { JsonObject } from "../../wire/exchange.ts";

/** The protocol's own words, the gate's (whom a channel speaks for among them), and those of the way to the gate. */
const SPOKEN_FOR = /^(?:io\.modelcontextprotocol\/|io\.callgate\/|(?:progressToken|traceparent|tracestate|baggage)$)/;
const NOTHING: JsonObject = Object.freeze({});

/** What is the client's own in the `_meta` of its request. */
export function clientMetaOf(all: JsonObject): JsonObject {
  let own: Record<string, unknown> | undefined;
  for (const name in all) if (!SPOKEN_FOR.test(name)) (own ??= {})[name] = all[name];
  return own ?? NOTHING;
}
