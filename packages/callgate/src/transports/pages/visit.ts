import type { IncomingMessage, ServerResponse } from "node:http";
import type { Presented } from "../../wire/exchange.ts";
import type { GateClient } from "./gate-client.ts";
import type { PagePlaces } from "./page-places.ts";
import type { PageSession, PageSessions } from "./page-session.ts";

/** What every page works with. */
export interface PageParts {
  readonly gateName: string;
  readonly gate: GateClient;
  readonly places: PagePlaces;
  readonly sessions: PageSessions;
  readonly clock: () => number;
}

/** A browser's request on its way through the pages. */
export interface Visit {
  readonly parts: PageParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly session: PageSession | undefined;
  readonly presented: Presented;
}
