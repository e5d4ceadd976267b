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
/** A stream that lasted so long was well, and its end is no reason to wait. */
const STEADY_MS = 30_000;

interface Listening {
  readonly link: Link;
  /** What is to be heard of, as the specification names it. */
  readonly notifications: JsonObject;
  readonly onChange: (change: UpstreamChange) => void;
  /** The server has begun to tell. */
  readonly onBegin?: () => void;
  /** It tells again: what has changed since the stream before, nobody has heard. */
  readonly onBack?: () => void;
  readonly onRefused?: (error: UpstreamError) => void;
  readonly signal: AbortSignal;
}

/** Subscribes to changes that a server tells of, again and again as subscriptions end; MCP 2026-07-28, `subscriptions/listen`. */
export async function keepListening(listening: Listening): Promise<void> {
  const { link, notifications, onChange, onBegin, onBack, onRefused, signal } = listening;
  const method = "subscriptions/listen";
  const params = withEnvelope({ notifications }, { capabilities: {} });
  const headers = standardHeaders(method, params);
  let delay = FIRST_PAUSE_MS;
  let hasBegun = false;
  const during = (said: Said): void => {
    const change = changeOf(said);
    if (change !== undefined) return onChange(change);
    if (said.method !== "notifications/subscriptions/acknowledged") return;
    if (hasBegun) onBack?.();
    else onBegin?.();
    hasBegun = true;
  };
  while (!signal.aborted) {
    const since = performance.now();
    try {
      await link.ask({ ...ofTheGate, method, params, headers, signal, during });
    } catch (error) {
      // A link that is gone has told so itself; a server that refuses is not asked again.
      if (!(error instanceof UpstreamError)) return;
      if (error.fault.kind === "refused") return onRefused?.(error);
      if (error.fault.kind === "unreachable" && !error.fault.sent) return;
    }
    if (performance.now() - since > STEADY_MS) delay = FIRST_PAUSE_MS;
    await pause(delay, signal);
    delay = Math.min(delay * 2, LONGEST_PAUSE_MS);
  }
}

/** The lists of which a server says that it tells when they change. */
export function changingLists(capabilities: unknown): readonly ("tools" | "prompts" | "resources")[] {
  if (!isJsonObject(capabilities)) return [];
  return (["tools", "prompts", "resources"] as const).filter((list) => {
    const offered = capabilities[list];
    return isJsonObject(offered) && offered["listChanged"] === true;
  });
}
