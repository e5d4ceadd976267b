/** A process with a gate on the store, and when it was heard of; milliseconds since the epoch. */
export interface HeardProcess {
  /** As it stands on the ledger's rows. */
  readonly owner: string;
  readonly heardAt: number;
}

/**
 * Which processes are at work on the store. One that falls silent has left calls behind whose ends nobody recorded:
 * another one takes that on, and no two do.
 */
export interface ProcessStore {
  /** The process lives. */
  beat(process: HeardProcess): Promise<void>;
  list(): Promise<readonly HeardProcess[]>;
  /** True for one of many that take the same process on; from then on it counts as heard of `now`, should that one fail. */
  takeOn(process: HeardProcess, now: number): Promise<boolean>;
  /** It has ended well, or nothing of it is left to look after. */
  forget(owner: string): Promise<void>;
}
