import type { RequestOptions } from "../connection.ts";
import { gateItself } from "../gate-subject.ts";

/** Far more time than anything takes that a test waits for. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

/** A caller's side of a request, for tests: Ann, who cannot be asked anything. */
export function requestOptions({
  who = "person:ann",
  ...more
}: Partial<RequestOptions> & { who?: string } = {}): RequestOptions {
  return {
    subject: { ...gateItself, kind: "person", id: who },
    signal: soon(),
    trace: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
    inputResponses: {},
    state: undefined,
    canAsk: () => false,
    progress: () => {},
    say: () => {},
    hears: "debug",
    ...more,
  };
}
