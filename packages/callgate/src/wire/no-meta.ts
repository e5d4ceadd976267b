import type { RequestMeta } from "./exchange.ts";

/** The `_meta` of a request that says nothing of itself. */
export const NO_META: RequestMeta = {
  clientInfo: undefined,
  clientCapabilities: {},
  logLevel: undefined,
  progressToken: undefined,
  traceparent: undefined,
  tracestate: undefined,
  baggage: undefined,
  all: {},
};
