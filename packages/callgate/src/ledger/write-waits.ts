import type { LedgerRow, LedgerStore } from "../store/ledger-port.ts";
import { isOwnerGone } from "./owner.ts";

/** A decision that was made in another process is seen after this time at the latest. */
const DECISION_LOOK_MS = 250;
/** Moves of this process are told; those of others are looked for. */
const OWN_LOOK_MS = 1_000;
const OTHERS_LOOK_MS = 50;
/** Calls of one subject that wait for decisions at the same time: each holds one of the gate's places meanwhile. */
const MOST_OF_SUBJECT = 16;

export interface WriteWaitsOptions {
  readonly store: Pick<LedgerStore, "get">;
  readonly clock: () => number;
  /** This process, whose own moves are told by `wake`. */
  readonly owner: string;
}

/** Waits for rows to move on: told of it by this process, and by looking where others may have moved them. */
export class WriteWaits {
  readonly #options: WriteWaitsOptions;
  readonly #waiting = new Map<string, Set<() => void>>();
  /** How many wait for decisions, by subject. */
  readonly #undecided = new Map<string, number>();

  constructor(options: WriteWaitsOptions) {
    this.#options = options;
  }

  /** Wakes those who wait for a row or an approval of this id: it has moved, here or elsewhere. */
  wake(id: string): void {
    for (const wake of this.#waiting.get(id) ?? []) wake();
  }

  /** Resolves with the row once it has left `claimed` and `running`, its holder is gone or is another, or `until` is reached. */
  async whenSettled(row: LedgerRow, until: number): Promise<LedgerRow> {
    const { store, clock, owner } = this.#options;
    const isOver = this.#timer(until);
    let current = row;
    while (isMoving(current) && current.owner === row.owner && !isAbandoned(current, clock()) && !isOver()) {
      const look = current.owner === owner ? OWN_LOOK_MS : OTHERS_LOOK_MS;
      await this.#nextMove(current.id, Math.min(until - clock(), look));
      current = (await store.get(current.id)) ?? current;
    }
    return current;
  }

  /**
   * Resolves with the row once it waits for this approval no longer, or `until` is reached, or nobody waits for that; at once
   * where as many calls of its subject wait as may.
   */
  async whenDecided(row: LedgerRow, until: number, signal: AbortSignal): Promise<LedgerRow> {
    const { subject } = row;
    const others = this.#undecided.get(subject) ?? 0;
    if (others >= MOST_OF_SUBJECT) return row;
    this.#undecided.set(subject, others + 1);
    try {
      return await this.#whenDecided(row, until, signal);
    } finally {
      const left = (this.#undecided.get(subject) ?? 1) - 1;
      if (left === 0) this.#undecided.delete(subject);
      else this.#undecided.set(subject, left);
    }
  }

  async #whenDecided(row: LedgerRow, until: number, signal: AbortSignal): Promise<LedgerRow> {
    const { store, clock } = this.#options;
    const isOver = this.#timer(until);
    const approvalId = row.approval?.id ?? row.id;
    let current = row;
    while (current.state === "awaiting" && !isOver() && !signal.aborted) {
      await this.#nextMove(approvalId, Math.min(until - clock(), DECISION_LOOK_MS));
      current = (await store.get(current.id)) ?? current;
    }
    return current;
  }

  /** True once a time is reached by either clock: one that is set back makes nobody wait longer. */
  #timer(until: number): () => boolean {
    const { clock } = this.#options;
    const end = performance.now() + until - clock();
    return () => clock() >= until || performance.now() >= end;
  }

  /** Resolves when something of this id is moved by this process, or after `ms`: others are looked at again. */
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
}

/** Whether an attempt holds the row right now, or held it when its process ended. */
export function isMoving(row: LedgerRow): boolean {
  return row.state === "claimed" || row.state === "running";
}

/** True where the process that holds the row is gone, or its lease is over. */
export function isAbandoned(row: LedgerRow, now: number): boolean {
  return row.leaseUntil < now || isOwnerGone(row.owner);
}
