/** What a store remembers of the key rings that gates have sealed with: ids of keys, and no secrets. */
export interface RingStore {
  /**
   * A gate with a ring begins to use the store: its sealing key becomes the newest one where it was never seen before.
   * Gives the id of the newest key where the ring does not hold it, and then remembers nothing. One at a time over all processes.
   */
  join(ring: RingKeys, at: number): Promise<string | undefined>;
  /** As `join`, whatever was sealed before. */
  adopt(ring: RingKeys, at: number): Promise<void>;
}

/** The ids of a ring's keys. */
export interface RingKeys {
  /** The one that seals. */
  readonly sealing: string;
  readonly known: readonly string[];
}
