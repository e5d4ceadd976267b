import type { Call } from "../call/call.ts";

const MARGIN_MS = 5_000;

/** Until when the holder of a ledger row is believed to be at work, in milliseconds since the epoch. */
export function leaseOf(call: Call): number {
  return call.deadline + MARGIN_MS;
}
