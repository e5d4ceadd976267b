import type { TokenEndpointResponse } from "oauth4webapi";
import { knownSecrets } from "../../secrets/known-secrets.ts";

/** An access token; times are milliseconds since the epoch by this process's clock. */
export interface Token {
  readonly value: string;
  /** From then on a new one is asked for, while this one is still used. */
  readonly renewAt: number;
  /** From then on it is not used any more: a little before it expires, for requests take their time. */
  readonly usableUntil: number;
}

/** What a server that does not say how long its token holds is taken to mean. */
const UNSAID_SECONDS = 300;
const MOST_AHEAD_MS = 60_000;
const MOST_MARGIN_MS = 5_000;

/**
 * A token that was asked for at a moment of this process's clock: how long it holds is counted from there, so that the
 * server's clock does not matter.
 */
export function toToken({ access_token: value, expires_in: seconds }: TokenEndpointResponse, askedAt: number): Token {
  knownSecrets.addPassing(value);
  const ms = (seconds ?? UNSAID_SECONDS) * 1_000;
  const expiresAt = askedAt + ms;
  return {
    value,
    renewAt: expiresAt - Math.min(MOST_AHEAD_MS, ms / 4),
    usableUntil: expiresAt - Math.min(MOST_MARGIN_MS, ms / 20),
  };
}
