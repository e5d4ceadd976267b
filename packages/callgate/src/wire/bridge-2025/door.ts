import type { Caller, ErrorAnswer, Exchange, Host, Presented } from "../exchange.ts";
import { requestMeta } from "./request-meta.ts";

/** What is known of a request before any session. */
export interface Arriving {
  readonly method: string;
  readonly revision: string;
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  readonly bytes: number;
}

const nobody = requestMeta(undefined, { info: undefined, capabilities: {}, logLevel: "info" });
const never = new AbortController().signal;

/**
 * Asks the host who is at the door of a session: answers to questions, cancellations and its end reach no host that
 * would ask. `_meta` is left out: a session belongs to the holder of the credential, whomever its calls are for.
 */
export function identifyAtDoor(host: Host, arriving: Arriving): Promise<Caller | ErrorAnswer> {
  const { method, revision, endpoint, presented, bytes } = arriving;
  const exchange: Exchange = {
    method,
    params: {},
    meta: nobody,
    revision,
    transport: "http",
    endpoint,
    presented,
    inputBytes: bytes,
    signal: never,
    paramHeaders: undefined,
    notify: () => {},
  };
  return host.identify(exchange);
}
