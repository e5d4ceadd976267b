import type { Exchange, Presented, RequestMeta } from "../../wire/exchange.ts";
import { NO_META } from "../../wire/no-meta.ts";

/** What the gate asks of itself. What is left out is empty. */
export interface OwnRequest
  extends Pick<Exchange, "method" | "params" | "signal">,
    Partial<Pick<Exchange, "revision" | "transport" | "endpoint" | "presented">> {
  readonly meta?: Partial<RequestMeta>;
}

const NOBODY: Presented = { authorization: undefined, remoteAddress: undefined, local: false, header: () => undefined };

/** A request that no client has sent; nobody is told of its progress. */
export function ownExchange({ meta, ...request }: OwnRequest): Exchange {
  return {
    revision: "",
    transport: "memory",
    endpoint: undefined,
    presented: NOBODY,
    ...request,
    meta: { ...NO_META, ...meta },
    inputBytes: 0,
    paramHeaders: undefined,
    notify: () => undefined,
  };
}
