/** Where a write stands; see docs/writes.md. */
export type WriteState =
  | "claimed"
  | "awaiting"
  | "approved"
  | "running"
  | "done"
  | "failed"
  | "released"
  | "denied"
  | "expired"
  | "withdrawn"
  | "unknown";

/** States in which a row is found again by subject, tool and digest, whatever its age. */
export const OPEN_STATES = ["claimed", "awaiting", "approved", "running", "unknown"] as const;

/** States of a write that was given up for now, with nothing done: a claim of the same key takes the row over. */
export const RECLAIMED_STATES = ["released", "expired", "withdrawn"] as const;

/** Who has to agree before a write is committed. */
export type DemandedLevel = "client" | "owner" | "operator" | "two";

/** What somebody said of a write that waits for approval. */
export interface ApprovalDecision {
  readonly verdict: "approve" | "deny" | "withdraw";
  /** The subject that said so, and the person behind it. */
  readonly by: string;
  readonly user?: string;
  readonly as: "client" | "owner" | "operator";
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly note?: string;
}

/** What has to be decided of a write, or has been. It stays on the row as the record of it; see docs/approvals.md. */
export interface RowApproval {
  /** Cannot be guessed. A write that asks anew gets another one. */
  readonly id: string;
  readonly level: DemandedLevel;
  /** The person that the write is for; undefined where there is none. */
  readonly user?: string;
  /** What was shown: subject, call and plan. Only a write with the same hash may spend it. */
  readonly planHash: string;
  readonly askedAt: number;
  readonly expiresAt: number;
  /** How often this write has asked. */
  readonly asked: number;
  readonly decisions: readonly ApprovalDecision[];
  /** When the write began that it was spent on; a write that then did nothing gets it back. */
  readonly spentAt?: number;
}

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
  readonly approval: RowApproval | undefined;
  /** What the approver is shown. */
  readonly sealedRequest: Uint8Array | undefined;
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
 * `claimed`: this call holds the row, a new one or one that was given up. `found`: another call's row, with whatever state it has.
 * `mismatch`: the key is there with another digest. `repeat`: an equal keyless write has just finished.
 */
export type ClaimOutcome =
  | { readonly kind: "claimed"; readonly row: LedgerRow }
  | { readonly kind: "found"; readonly row: LedgerRow }
  | { readonly kind: "mismatch"; readonly row: LedgerRow }
  | { readonly kind: "repeat"; readonly row: LedgerRow };

/**
 * A compare-and-set: done only where the row still has this attempt and one of the `from` states, and, where the move
 * changes the approval, still the approval that the mover knows.
 */
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
  readonly approval?: RowApproval;
  /** Only together with an approval. */
  readonly sealedRequest?: Uint8Array;
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

/** A write as lists have it: without what is sealed on it, which may be large. */
export type ListedWrite = Omit<LedgerRow, "sealedOutcome" | "sealedRequest">;

export interface LedgerPage {
  readonly rows: readonly ListedWrite[];
  readonly cursor: string | undefined;
}

/** The table of writes. Claims and moves resolve once durable; those given together are committed together. */
export interface LedgerStore {
  claim(claim: Claim): Promise<ClaimOutcome>;
  /** The row after the move; undefined where the row has moved on without this attempt. */
  move(move: Move): Promise<LedgerRow | undefined>;
  get(id: string): Promise<LedgerRow | undefined>;
  find(subject: string, tool: string, key: string): Promise<LedgerRow | undefined>;
  /** The row that asks, or has asked last, under this approval id. */
  byApproval(id: string): Promise<LedgerRow | undefined>;
  list(query: LedgerQuery): Promise<LedgerPage>;
  /** Rows in `claimed` or `running` whose lease is over. */
  abandoned(now: number): Promise<readonly LedgerRow[]>;
  /** Rows that one holder has moved last: those that are open, and those finished at or after a time. */
  heldBy(owner: string, since: number): Promise<readonly LedgerRow[]>;
  /**
   * Removes rows that finished more than `keepMs` before `now`; gives the number. Rows that are open are never removed. A
   * store with a clock of its own removes nothing before its time by that one.
   */
  expire(now: number, keepMs: number): Promise<number>;
}
