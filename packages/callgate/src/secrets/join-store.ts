import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";
import type { Store } from "../store/port.ts";
import type { RingKeys } from "../store/ring-port.ts";
import type { KeyRing } from "./key-ring.ts";
import { KeyRingError } from "./ring.ts";
import { RING_VARIABLE } from "./ring-source.ts";

interface Joining {
  readonly store: Pick<Store, "rings">;
  /** The store's name for people. */
  readonly location: string;
  readonly at: number;
}

/**
 * Begins to use a store with a key ring. Throws a KeyRingError where the ring lacks the key that the store was sealed
 * with last: a gate that has lost its ring, or a replica with one of its own, would find what others have stored
 * unreadable, and they what it stores.
 */
export async function joinStore(ring: KeyRing, { store, location, at }: Joining): Promise<void> {
  const keys = ringKeys(ring);
  const missing = await store.rings.join(keys, at);
  if (missing === undefined) return;
  throw new KeyRingError(
    `the store at ${location} was last sealed with the key ${missing}, and ${ring.source} does not hold it (it holds ` +
      `${keys.known.join(", ")}). Put the keyring.json of a gate that runs on this store, or of its backup, in that place, ` +
      `or set ${RING_VARIABLE} to what is in it. If it is lost for good, callgate keyring adopt begins anew: what was ` +
      "sealed before stays closed, and the record up to now cannot be proven",
  );
}

const JOIN_EVERY_MS = 60_000;

export interface FollowOptions {
  readonly store: Pick<Store, "rings">;
  readonly clock: () => number;
  readonly log: Pick<CallLog, "error" | "warn">;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Tells the store when a rotated ring begins to seal with another key, and the log when others seal with one that this
 * ring lacks: what they seal does not open here, and the next start would be refused.
 */
export function followRing(ring: KeyRing, { store, clock, log, signal }: FollowOptions): void {
  let told: string | undefined;
  const join = async (): Promise<void> => {
    try {
      const missing = await store.rings.join(ringKeys(ring), clock());
      if (missing !== undefined && missing !== told)
        log.error("another replica seals with a key that this one does not hold: give it the same key ring", {
          key: missing,
          keyRing: ring.source,
        });
      told = missing;
    } catch (error) {
      log.warn("the store could not be told of the key ring", { error: inspect(error) });
    }
  };
  const timer = setInterval(() => void join(), JOIN_EVERY_MS).unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** The ids of a ring, as a store remembers them. */
export function ringKeys({ sealingKeyId, chainKeyId, olderChainKeys }: KeyRing): RingKeys {
  return { sealing: sealingKeyId, known: [chainKeyId, ...olderChainKeys.keys()] };
}
