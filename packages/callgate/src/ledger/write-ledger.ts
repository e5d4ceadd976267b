import type { ClaimOutcome, LedgerRow, LedgerStore, Move } from "../store/ledger-port.ts";
import { isOwnerGone, newOwner } from "./owner.ts";
import type { Sealer } from "./sealer.ts";

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

export interface WriteLedgerOptions {
  readonly store: LedgerStore;
  readonly sealer: Sealer;
  readonly clock: () => number;
  /** Milliseconds that a write is kept after it has finished. */
  readonly keepMs: number;
}

/** The states of writes, by compare-and-set; DESIGN 5. Knows nothing of what a write does. */
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
      owner: this.owner,
      now,
      repeatSince: repeatWithinMs > 0 ? now - repeatWithinMs : undefined,
    });
  }

  /** Removes what is kept no longer; gives the number. */
  expire(): Promise<number> {
    return this.#store.expire(this.#clock() - this.#keepMs);
  }

  get(id: string): Promise<LedgerRow | undefined> {
    return this.#store.get(id);
  }

  /**
   * `claimed → running`, or `unknown → running` as a new attempt; durable before anything happens. Undefined: another
   * attempt has taken the row.
   */
  start(
    row: LedgerRow,
    { callId, leaseUntil }: { readonly callId: string; readonly leaseUntil: number },
  ): Promise<LedgerRow | undefined> {
    if (row.state === "claimed") return this.#move(row, { from: ["claimed"], to: "running", leaseUntil });
    return this.#move(row, {
      from: ["unknown"],
      to: "running",
      leaseUntil,
      takeOver: { owner: this.owner, callId },
    });
  }

  /** Nothing was done, and `commit` was never entered: the row may be claimed again. */
  release(row: LedgerRow, code: string): Promise<LedgerRow | undefined> {
    return this.#move(row, { from: ["claimed", "running"], to: "released", code });
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
    while (isMoving(current) && !this.isAbandoned(current) && this.#clock() < until) {
      await this.#nextMove(current.id, Math.min(until - this.#clock(), current.owner === this.owner ? 1_000 : 50));
      current = (await this.#store.get(current.id)) ?? current;
    }
    return current;
  }

  /** Resolves at this process's next move of the row, or after `ms`: rows of other processes are looked at again. */
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

function stateAfter(outcome: StoredOutcome): "done" | "failed" {
  return outcome.ok || outcome.happened ? "done" : "failed";
}

function purpose(row: LedgerRow): string {
  return `callgate outcome ${row.id}`;
}
