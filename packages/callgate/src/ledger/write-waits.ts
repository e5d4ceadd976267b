import { timeOver } from "../limits/time-over.ts";
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
  /** Looks under way, by what is waited for. */
  readonly #looks = new Map<string, Promise<LedgerRow | undefined>>();
  /** How many wait for decisions, by subject. */
  readonly #undecided = new Map<string, number>();

  constructor(options: WriteWaitsOptions) {
    this.#options = options;
  }

  /** Wakes those who wait for a row or an approval of this id: it has moved, here or elsewhere. */
  wake(id: string): void {
    // A look that has begun before the move may not have seen it.
    this.#looks.delete(id);
    for (const wake of this.#waiting.get(id) ?? []) wake();
  }

  /** Resolves with the row once it has left `claimed` and `running`, its holder is gone or is another, or `until` is reached. */
  async whenSettled(row: LedgerRow, until: number): Promise<LedgerRow> {
    const { clock, owner } = this.#options;
    const isOver = timeOver(until, clock);
    let current = row;
    while (isMoving(current) && current.owner === row.owner && !isAbandoned(current, clock()) && !isOver()) {
      const everyMs = current.owner === owner ? OWN_LOOK_MS : OTHERS_LOOK_MS;
      await this.#nextMove(current.id, { everyMs, mostMs: until - clock() });
      current = (await this.#look(current.id, current)) ?? current;
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
    const { clock } = this.#options;
    const isOver = timeOver(until, clock);
    const approvalId = row.approval?.id ?? row.id;
    let current = row;
    while (current.state === "awaiting" && !isOver() && !signal.aborted) {
      await this.#nextMove(approvalId, { everyMs: DECISION_LOOK_MS, mostMs: until - clock() });
      current = (await this.#look(approvalId, current)) ?? current;
    }
    return current;
  }

  /** The row as it is now, for all who wait for it at this moment. */
  #look(awaited: string, { id }: LedgerRow): Promise<LedgerRow | undefined> {
    let look = this.#looks.get(awaited);
    if (look === undefined) {
      const own = this.#options.store.get(id).finally(() => {
        if (this.#looks.get(awaited) === own) this.#looks.delete(awaited);
      });
      this.#looks.set(awaited, (look = own));
    }
    return look;
  }

  /**
   * Resolves when something of this id is moved by this process, or when others are to be looked at again: all who wait do so
   * at the same moments, however many they are.
   */
  #nextMove(id: string, { everyMs, mostMs }: { readonly everyMs: number; readonly mostMs: number }): Promise<void> {
    const ms = Math.min(mostMs, everyMs - (performance.now() % everyMs));
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
