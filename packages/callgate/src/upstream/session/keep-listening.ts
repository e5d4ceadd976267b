import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import type { UpstreamChange } from "../connection.ts";
import { UpstreamError } from "../upstream-error.ts";
import { changeOf } from "./change-of.ts";
import type { Link, Said } from "./link.ts";
import { ofTheGate } from "./list-all.ts";
import { pause } from "./pause.ts";
import { standardHeaders } from "./standard-headers.ts";
import { withEnvelope } from "./with-envelope.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface Listening {
  readonly link: Link;
  /** What is to be heard of, as the specification names it. */
  readonly notifications: JsonObject;
  readonly onChange: (change: UpstreamChange) => void;
  /** The server has begun to tell, for the first time or again. */
  readonly onBegin?: () => void;
  readonly onRefused?: (error: UpstreamError) => void;
  readonly signal: AbortSignal;
}

/** Subscribes to changes that a server tells of, again and again as subscriptions end; MCP 2026-07-28, `subscriptions/listen`. */
export async function keepListening(listening: Listening): Promise<void> {
  const { link, notifications, onChange, onBegin, onRefused, signal } = listening;
  const method = "subscriptions/listen";
  const params = withEnvelope({ notifications }, { capabilities: {} });
  const headers = standardHeaders(method, params);
  let delay = FIRST_PAUSE_MS;
  const during = (said: Said): void => {
    delay = FIRST_PAUSE_MS;
    const change = changeOf(said);
    if (change !== undefined) onChange(change);
    else if (said.method === "notifications/subscriptions/acknowledged") onBegin?.();
  };
  while (!signal.aborted) {
    try {
      await link.ask({ ...ofTheGate, method, params, headers, signal, during });
    } catch (error) {
      // A link that is gone has told so itself; a server that refuses is not asked again.
      if (!(error instanceof UpstreamError)) return;
      if (error.fault.kind === "refused") return onRefused?.(error);
      if (error.fault.kind === "unreachable" && !error.fault.sent) return;
    }
    await pause(delay, signal);
    delay = Math.min(delay * 2, LONGEST_PAUSE_MS);
  }
}

/** The lists of which a server says that it tells when they change; undefined where there are none. */
export function changingLists(capabilities: unknown): JsonObject | undefined {
  if (!isJsonObject(capabilities)) return undefined;
  const tells = (of: string): boolean => {
    const offered = capabilities[of];
    return isJsonObject(offered) && offered["listChanged"] === true;
  };
  const filter = {
    ...(tells("tools") && { toolsListChanged: true }),
    ...(tells("prompts") && { promptsListChanged: true }),
    ...(tells("resources") && { resourcesListChanged: true }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}
