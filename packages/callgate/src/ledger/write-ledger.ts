import type { ClaimOutcome, LedgerRow, LedgerStore, Move } from "../store/ledger-port.ts";
import { newOwner } from "./owner.ts";
import type { Sealer } from "./sealer.ts";
import { approvalOf, WriteApprovals } from "./write-approvals.ts";
import { isAbandoned, WriteWaits } from "./write-waits.ts";

/** How a write ended, as stored for replays. */
export type StoredOutcome =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error: StoredError;
      /** True where the effect took place all the same. */
      readonly happened: boolean;
    };

/** A `CallError` as it is stored. */
export interface StoredError {
  readonly code: string;
  readonly message: string;
  readonly category: string;
  readonly next?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** A call that wants to write: whose it is, what it is, and the id and key of a new row. */
export interface ClaimRequest {
  readonly subject: string;
  readonly tenant: string | undefined;
  readonly tool: string;
  readonly key: string | undefined;
  readonly digest: string;
  readonly contractHash: string;
  readonly callId: string;
  /** The holder's word counts until then, in milliseconds since the epoch. */
  readonly leaseUntil: number;
  /** A keyless equal write that finished this long ago or less is asked about; 0: never. */
  readonly repeatWithinMs: number;
  readonly id: string;
  readonly newKey: string;
}

/** The call that does a write now, and who holds the row until when. */
export interface StartRequest {
  readonly callId: string;
  readonly leaseUntil: number;
  readonly owner?: string | undefined;
}

export interface WriteLedgerOptions {
  readonly store: LedgerStore;
  readonly sealer: Sealer;
  readonly clock: () => number;
  /** Milliseconds that a write is kept after it has finished. */
  readonly keepMs: number;
}

/** The states of writes, by compare-and-set; see docs/writes.md. Knows nothing of what a write does. */
export class WriteLedger {
  readonly owner: string = newOwner();
  readonly approvals: WriteApprovals;
  readonly waits: WriteWaits;
  readonly #store: LedgerStore;
  readonly #sealer: Sealer;
  readonly #clock: () => number;
  readonly #keepMs: number;

  constructor({ store, sealer, clock, keepMs }: WriteLedgerOptions) {
    this.#store = store;
    this.#sealer = sealer;
    this.#clock = clock;
    this.#keepMs = keepMs;
    const { owner } = this;
    this.waits = new WriteWaits({ store, clock, owner });
    this.approvals = new WriteApprovals({ move: (row, change) => this.#move(row, change), sealer, clock, owner });
  }

  claim(request: ClaimRequest): Promise<ClaimOutcome> {
    const now = this.#clock();
    const { repeatWithinMs, ...claim } = request;
    return this.#store.claim({
      ...claim,
      owner: this.owner,
      now,
      repeatSince: repeatWithinMs > 0 ? now - repeatWithinMs : undefined,
    });
  }

  /** Removes what is kept no longer; gives the number. */
  expire(): Promise<number> {
    return this.#store.expire(this.#clock(), this.#keepMs);
  }

  get(id: string): Promise<LedgerRow | undefined> {
    return this.#store.get(id);
  }

  find({ subject, tool, key }: Pick<LedgerRow, "subject" | "tool" | "key">): Promise<LedgerRow | undefined> {
    return this.#store.find(subject, tool, key);
  }

  byApproval(id: string): Promise<LedgerRow | undefined> {
    return this.#store.byApproval(id);
  }

  /**
   * `claimed → running`, or as a new attempt `unknown → running`, or `approved → running`, which spends the approval;
   * durable before anything happens. Held by this process unless said otherwise. Undefined: another attempt has taken the
   * row.
   */
  start(row: LedgerRow, { callId, leaseUntil, owner = this.owner }: StartRequest): Promise<LedgerRow | undefined> {
    const takeOver = { owner, callId };
    if (row.state === "claimed") {
      // The call of a task that does what another call has claimed: what becomes of the write is on record under this one.
      const isAnother = row.callId !== callId;
      return this.#move(row, { from: ["claimed"], to: "running", leaseUntil, ...(isAnother && { takeOver }) });
    }
    if (row.state !== "approved") return this.#move(row, { from: ["unknown"], to: "running", leaseUntil, takeOver });
    const approval = { ...approvalOf(row), spentAt: this.#clock() };
    return this.#move(row, { from: ["approved"], to: "running", leaseUntil, takeOver, approval });
  }

  /** Keeps a row that is to run later for this owner, until then. Undefined: it has moved on. */
  hold(row: LedgerRow, { owner, leaseUntil }: { owner: string; leaseUntil: number }): Promise<LedgerRow | undefined> {
    return this.#move(row, {
      from: [row.state],
      to: row.state,
      leaseUntil,
      ...(row.owner !== owner && { takeOver: { owner, callId: row.callId } }),
    });
  }

  /**
   * Nothing was done by the attempt that says so: the row may be claimed again, also where others have begun to doubt it
   * meanwhile. An approval that was spent on it is there again for the next attempt.
   */
  release(row: LedgerRow, code: string): Promise<LedgerRow | undefined> {
    if (row.state !== "running") return this.#move(row, { from: ["claimed", "running"], to: "released", code });
    const from = ["running", "unknown"] as const;
    if (row.approval?.spentAt === undefined) return this.#move(row, { from, to: "released", code });
    const { spentAt: _unspent, ...approval } = row.approval;
    return this.#move(row, { from, to: "approved", code, approval });
  }

  /** The outcome, durable before the answer. A late one still lands on a row that has become `unknown`. */
  async finish(row: LedgerRow, outcome: StoredOutcome): Promise<LedgerRow | undefined> {
    return this.#move(row, {
      from: ["running", "unknown"],
      to: stateAfter(outcome),
      sealedOutcome: this.#sealer.seal(purpose(row), outcome),
      ...(!outcome.ok && { code: outcome.error.code }),
    });
  }

  doubt(row: LedgerRow, code: string): Promise<LedgerRow | undefined> {
    return this.#move(row, { from: ["running"], to: "unknown", code });
  }

  /** A row whose holder is gone before `running` goes to a new attempt. */
  retake(row: LedgerRow, callId: string, leaseUntil: number): Promise<LedgerRow | undefined> {
    return this.#move(row, {
      from: ["claimed"],
      to: "claimed",
      leaseUntil,
      takeOver: { owner: this.owner, callId },
    });
  }

  /** A person's word on an unknown outcome. */
  settle(
    row: LedgerRow,
    outcome: StoredOutcome,
    by: { settledBy: string; note: string },
  ): Promise<LedgerRow | undefined> {
    return this.#move(row, {
      from: ["unknown"],
      to: stateAfter(outcome),
      sealedOutcome: this.#sealer.seal(purpose(row), outcome),
      ...by,
    });
  }

  outcomeOf(row: LedgerRow): StoredOutcome | undefined {
    if (row.sealedOutcome === undefined) return undefined;
    return this.#sealer.unseal(purpose(row), row.sealedOutcome) as StoredOutcome;
  }

  /** True where the process that holds the row is gone, or its lease is over. */
  isAbandoned(row: LedgerRow): boolean {
    return isAbandoned(row, this.#clock());
  }

  async #move(row: LedgerRow, change: Omit<Move, "row" | "now">): Promise<LedgerRow | undefined> {
    const moved = await this.#store.move({ row, now: this.#clock(), ...change });
    this.waits.wake(row.id);
    return moved;
  }
}

function stateAfter(outcome: StoredOutcome): "done" | "failed" {
  return outcome.ok || outcome.happened ? "done" : "failed";
}

function purpose(row: LedgerRow): string {
  return `callgate outcome ${row.id}`;
}
