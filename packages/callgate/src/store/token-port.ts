/** A credential for a server beyond the gate that changes while gates run: sealed, and the same for all replicas. */
export interface StoredToken {
  /** Grows with every change. */
  readonly version: number;
  /** Undefined where it was never put, or has been erased. */
  readonly sealed: Uint8Array | undefined;
  /** Milliseconds since the epoch, by the clock of the gate that put it. */
  readonly updatedAt: number;
}

/** The right to change a credential, for a while. */
export interface TokenLease {
  readonly name: string;
  /** Names the one that holds it among all processes. */
  readonly owner: string;
}

/** A change of a credential; `sealed` left out erases it. */
export interface TokenChange {
  readonly name: string;
  /** The version that is changed. */
  readonly version: number;
  readonly sealed?: Uint8Array;
  readonly at: number;
}

/** Credentials that rotate. One process at a time asks for a new one, and none overwrites what it has not seen. */
export interface TokenStore {
  /** Undefined for a name that was never leased. */
  get(name: string): Promise<StoredToken | undefined>;
  /**
   * True for one of many, for so many milliseconds by the store's own clock, or until it is released. Whoever holds it
   * already has it for longer.
   */
  lease(lease: TokenLease, ms: number): Promise<boolean>;
  /** Nothing where another one holds it. */
  release(lease: TokenLease): Promise<void>;
  /** Compare and swap, for a name that was leased once; false where the version is another one by now. */
  put(change: TokenChange): Promise<boolean>;
}
