import type { TokenLease, TokenStore } from "../../store/token-port.ts";

/** So long a replica that was killed at its work keeps the others waiting. */
const LEASE_MS = 5_000;
/** Several fit into a lease: a store that is away for a moment takes it from nobody. */
const BEAT_MS = LEASE_MS / 5;

/**
 * Does the work while this process alone may, and says every second that it is still at it: however long the work takes,
 * no other one begins while this process lives. Undefined where another one is at it.
 */
export async function underLease<Value>(
  tokens: TokenStore,
  lease: TokenLease,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  if (!(await tokens.lease(lease, LEASE_MS))) return undefined;
  let saying: Promise<unknown> | undefined;
  const say = (): void => {
    // Where the store cannot be told, the work goes on: what comes of it is put by compare and swap.
    saying ??= tokens
      .lease(lease, LEASE_MS)
      .catch(() => undefined)
      .finally(() => {
        saying = undefined;
      });
  };
  const beat = setInterval(say, BEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // A word that arrived after the release would take the lease once more.
    await saying;
    await tokens.release(lease).catch(() => undefined);
  }
}
