/** Where a write stands; DESIGN 5. The states between `claimed` and `running` that approvals use come with them. */
export type WriteState = "claimed" | "running" | "done" | "failed" | "released" | "unknown";

/** States in which a row is found again by subject, tool and digest, whatever its age. */
export const OPEN_STATES = ["claimed", "running", "unknown"] as const;

/** One write. Times are milliseconds since the epoch; sealed bytes are unreadable without the gate's key ring. */
export interface LedgerRow {
  readonly id: string;
  readonly subject: string;
  /** The subject's tenant. */
  readonly tenant: string | undefined;
  readonly tool: string;
  readonly key: string;
  readonly digest: string;
  readonly state: WriteState;
  /** Grows with every claim; a move names the attempt it belongs to. */
  readonly attempt: number;
  /** The process that holds the row, and until when its word counts. */
  readonly owner: string;
  readonly leaseUntil: number;
  readonly callId: string;
  readonly contractHash: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it was done, failed or released; undefined while it is open. */
  readonly finishedAt: number | undefined;
  readonly sealedOutcome: Uint8Array | undefined;
  /** Why it failed, was released, or is unknown. */
  readonly code: string | undefined;
  /** Who settled an unknown outcome, and why. */
  readonly settledBy: string | undefined;
  readonly note: string | undefined;
}

/** A wish to write: find the row that this call belongs to, or make one. */
export interface Claim {
  readonly id: string;
  readonly subject: string;
  readonly tenant: string | undefined;
  readonly tool: string;
  /** The caller's key; undefined: look for an open or just finished equal write, else claim under `newKey`. */
  readonly key: string | undefined;
  readonly newKey: string;
  readonly digest: string;
  readonly contractHash: string;
  readonly callId: string;
  readonly owner: string;
  readonly now: number;
  readonly leaseUntil: number;
  /** A keyless equal write finished at or after this time is reported instead of claimed; undefined: do not look. */
  readonly repeatSince: number | undefined;
}

/**
 * `claimed`: this call holds the row, a new one or one that was released. `found`: another call's row, with whatever state it has.
 * `mismatch`: the key is there with another digest. `repeat`: an equal keyless write has just finished.
 */
export type ClaimOutcome =
  | { readonly kind: "claimed"; readonly row: LedgerRow }
  | { readonly kind: "found"; readonly row: LedgerRow }
  | { readonly kind: "mismatch"; readonly row: LedgerRow }
  | { readonly kind: "repeat"; readonly row: LedgerRow };

/** A compare-and-set: done only where the row still has this attempt and one of the `from` states. */
export interface Move {
  /** The row as the mover knows it. */
  readonly row: LedgerRow;
  readonly from: readonly [WriteState, WriteState?];
  readonly to: WriteState;
  readonly now: number;
  /** Left out: as before, like all that follow but `code`. */
  readonly leaseUntil?: number;
  readonly sealedOutcome?: Uint8Array;
  /** Left out: the row has none from here on. */
  readonly code?: string;
  readonly settledBy?: string;
  readonly note?: string;
  /** Takes the row over: a new attempt for this owner and call. */
  readonly takeOver?: { readonly owner: string; readonly callId: string };
}

export interface LedgerQuery {
  readonly subject?: string;
  readonly tenant?: string;
  readonly tool?: string;
  readonly state?: WriteState;
  readonly limit: number;
  readonly cursor?: string;
}

export interface LedgerPage {
  readonly rows: readonly LedgerRow[];
  readonly cursor: string | undefined;
}

/** The table of writes. Claims and moves resolve once durable; those given together are committed together. */
export interface LedgerStore {
  claim(claim: Claim): Promise<ClaimOutcome>;
  /** The row after the move; undefined where the row has moved on without this attempt. */
  move(move: Move): Promise<LedgerRow | undefined>;
  get(id: string): Promise<LedgerRow | undefined>;
  find(subject: string, tool: string, key: string): Promise<LedgerRow | undefined>;
  list(query: LedgerQuery): Promise<LedgerPage>;
  /** Rows in `claimed` or `running` whose lease is over, and rows finished at or after `since`. */
  unsettled(now: number, since: number): Promise<readonly LedgerRow[]>;
  /** Removes rows that finished before then; gives the number. Rows that are open are never removed. */
  expire(finishedBefore: number): Promise<number>;
}
