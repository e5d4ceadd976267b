import type { ApprovalRequest } from "../approvals/request.ts";
import type {
  ApprovalDecision,
  ClaimOutcome,
  LedgerRow,
  LedgerStore,
  Move,
  RowApproval,
  WriteState,
} from "../store/ledger-port.ts";
import { isOwnerGone, newOwner } from "./owner.ts";
import type { Sealer } from "./sealer.ts";

/** A decision that was made in another process is seen after this time at the latest. */
const DECISION_LOOK_MS = 250;

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
  /** Who holds the row; this process unless said otherwise. */
  readonly owner?: string | undefined;
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
  readonly #store: LedgerStore;
  readonly #sealer: Sealer;
  readonly #clock: () => number;
  readonly #keepMs: number;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor({ store, sealer, clock, keepMs }: WriteLedgerOptions) {
    this.#store = store;
    this.#sealer = sealer;
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  claim(request: ClaimRequest): Promise<ClaimOutcome> {
    const now = this.#clock();
    const { repeatWithinMs, ...claim } = request;
    return this.#store.claim({
      ...claim,
      owner: request.owner ?? this.owner,
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

  /** `claimed | approved → awaiting`: from here on nobody holds the row, and somebody has to decide. */
  ask(row: LedgerRow, approval: RowApproval, request: ApprovalRequest): Promise<LedgerRow | undefined> {
    return this.#move(row, {
      from: ["claimed", "approved"],
      to: "awaiting",
      ...(row.callId !== request.callId && { takeOver: { owner: this.owner, callId: request.callId } }),
      approval,
      sealedRequest: this.#sealer.seal(requestPurpose(row), request),
    });
  }

  /**
   * A person's word on a row that waits for it; of two words given at once one counts, and the other one finds the row
   * as it is then. Undefined: the row waits no longer, or has waited too long.
   */
  async decide(row: LedgerRow, decision: ApprovalDecision): Promise<LedgerRow | undefined> {
    const before = approvalOf(row);
    if (before.expiresAt <= this.#clock()) return undefined;
    const approval = { ...before, decisions: [...before.decisions, decision] };
    const to = stateDecided(approval, decision);
    return this.#move(row, {
      from: decision.verdict === "withdraw" ? ["awaiting", "approved"] : ["awaiting"],
      to,
      approval,
      ...(to === "denied" && { code: "approval_denied" }),
    });
  }

  /** Nobody decided in time, or the approval was not used in time. */
  lapse(row: LedgerRow): Promise<LedgerRow | undefined> {
    return this.#move(row, { from: ["awaiting", "approved"], to: "expired", code: "approval_expired" });
  }

  /** What the approver is shown. */
  requestOf(row: LedgerRow): ApprovalRequest | undefined {
    if (row.sealedRequest === undefined) return undefined;
    return this.#sealer.unseal(requestPurpose(row), row.sealedRequest) as ApprovalRequest;
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
    return row.leaseUntil < this.#clock() || isOwnerGone(row.owner);
  }

  /** Resolves with the row once it has left `claimed` and `running`, its holder is gone, or `until` is reached. */
  async whenSettled(row: LedgerRow, until: number): Promise<LedgerRow> {
    let current = row;
    const isOver = this.#timer(until);
    while (isMoving(current) && !this.isAbandoned(current) && !isOver()) {
      await this.#nextMove(current.id, Math.min(until - this.#clock(), current.owner === this.owner ? 1_000 : 50));
      current = (await this.#store.get(current.id)) ?? current;
    }
    return current;
  }

  /** Wakes the calls that wait for this approval: somebody has decided, here or elsewhere. */
  wake(approvalId: string): void {
    for (const wake of this.#waiting.get(approvalId) ?? []) wake();
  }

  /** Resolves with the row once it waits for approval no longer, or `until` is reached, or nobody waits for that. */
  async whenDecided(row: LedgerRow, until: number, signal: AbortSignal): Promise<LedgerRow> {
    let current = row;
    const isOver = this.#timer(until);
    while (current.state === "awaiting" && !isOver() && !signal.aborted) {
      await this.#nextMove(approvalOf(row).id, Math.min(until - this.#clock(), DECISION_LOOK_MS));
      current = (await this.#store.get(current.id)) ?? current;
    }
    return current;
  }

  /** True once a time is reached by either clock: one that is set back makes nobody wait longer. */
  #timer(until: number): () => boolean {
    const end = performance.now() + until - this.#clock();
    return () => this.#clock() >= until || performance.now() >= end;
  }

  /** Resolves when the row, or the approval, is moved by this process, or after `ms`: others are looked at again. */
  #nextMove(id: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      waiting.add(wake);
    });
  }

  async #move(row: LedgerRow, change: Omit<Move, "row" | "now">): Promise<LedgerRow | undefined> {
    const moved = await this.#store.move({ row, now: this.#clock(), ...change });
    for (const wake of this.#waiting.get(row.id) ?? []) wake();
    return moved;
  }
}

/** Whether an attempt holds the row right now, or held it when its process ended. */
export function isMoving(row: LedgerRow): boolean {
  return row.state === "claimed" || row.state === "running";
}

/** The approval of a row that has asked for one. */
export function approvalOf(row: LedgerRow): RowApproval {
  if (row.approval === undefined) throw new Error(`the write ${row.id} is ${row.state}, but has no approval`);
  return row.approval;
}

function stateDecided({ level, decisions }: RowApproval, { verdict }: ApprovalDecision): WriteState {
  if (verdict === "withdraw") return "withdrawn";
  if (verdict === "deny") return "denied";
  return decisions.length < (level === "two" ? 2 : 1) ? "awaiting" : "approved";
}

function stateAfter(outcome: StoredOutcome): "done" | "failed" {
  return outcome.ok || outcome.happened ? "done" : "failed";
}

function requestPurpose(row: LedgerRow): string {
  return `callgate request ${row.id}`;
}

function purpose(row: LedgerRow): string {
  return `callgate outcome ${row.id}`;
}
