import type { IncomingMessage } from "node:http";
import type { Presented } from "../../wire/exchange.ts";
import { ClientHeaders } from "../http/client-headers.ts";

/** What a browser presents: the key that its session was begun with, else whatever the team's own sessions go by. */
export function presentedBy(request: IncomingMessage, credential: string | undefined): Presented {
  const headers = new ClientHeaders(request);
  if (credential === undefined) return headers;
  return {
    authorization: `Bearer ${credential}`,
    remoteAddress: headers.remoteAddress,
    local: false,
    header: (name) => (name === "authorization" || name === "x-api-key" ? undefined : headers.header(name)),
  };
}
