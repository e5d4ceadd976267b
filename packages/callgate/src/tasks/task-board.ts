import { randomBytes } from "node:crypto";
import type { Sealer } from "../ledger/sealer.ts";
import { timeOver } from "../limits/time-over.ts";
import type { HeardSignal, Signals } from "../store/signals-port.ts";
import {
  type ExecuteSql,
  type NewTask,
  OPEN_TASK_STATES,
  type TaskRoom,
  type TaskRow,
  type TaskStore,
} from "../store/task-port.ts";

/** How a task ended, as its caller is told: the members of the result, and the error of a task that failed. */
export interface TaskOutcome {
  /** JSON text of the result's members, without the outer braces. */
  readonly members: string;
  /** JSON text of the members of its `_meta`, without the braces. */
  readonly meta: string | undefined;
  /** For `failed` alone: a JSON-RPC error. */
  readonly error: TaskError | undefined;
}

export interface TaskError {
  readonly code: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** What a task has asked its client, under keys that no other question of it has, and what was answered. */
export interface TaskInput {
  /** Rounds of questions so far. */
  readonly round: number;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly answered: Readonly<Record<string, unknown>>;
  /** What the tool wants to have back. */
  readonly state: unknown;
}

/** What a task is begun with; the sealed call is whatever who begins it needs to do the work later. */
export interface BegunTask extends Omit<NewTask, "sealedCall" | "createdAt" | "expiresAt"> {
  readonly call: unknown;
  readonly ttlMs: number;
  /** Runs in the transaction that makes the row, where the store has one for that. */
  readonly within?: ((execute: ExecuteSql) => Promise<void>) | undefined;
}

export interface TaskBoardOptions {
  readonly store: TaskStore;
  readonly signals: Signals;
  readonly sealer: Sealer;
  readonly clock: () => number;
  readonly room: TaskRoom;
}

/** How long to wait for a task, and who is told of it each time that it is looked at. */
export interface SettleWait {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly signal: AbortSignal;
  readonly onLook: (row: TaskRow) => void;
}

/** Signals may be lost: a row that is waited for is looked at as often as this. */
const LOOK_AGAIN_MS = 1_000;
const ID_BYTES = 20;
const TASK_ID = /^task_[0-9a-f]{40}$/;

/** An id that nobody guesses: 160 bits of chance. */
export function newTaskId(): string {
  return `task_${randomBytes(ID_BYTES).toString("hex")}`;
}

/** Whether a task has still to end. */
export function isOpenTask({ state }: TaskRow): boolean {
  return OPEN_TASK_STATES.includes(state);
}

/** The tasks of all processes on the store: begun, looked at, answered and cancelled here; who does the work holds a `TaskRun`. */
export class TaskBoard {
  readonly #options: TaskBoardOptions;

  constructor(options: TaskBoardOptions) {
    this.#options = options;
  }

  /** Durable once this resolves. `full`: as many are open as may be. `due`: begun for this due time already. */
  async begin({ call, ttlMs, within, ...task }: BegunTask): Promise<TaskRow | "full" | "due"> {
    const { store, sealer, clock, room } = this.#options;
    const createdAt = clock();
    const sealedCall = sealer.seal(purpose(task.id, "call"), call);
    const outcome = await store.insert({ ...task, sealedCall, createdAt, expiresAt: createdAt + ttlMs }, room, within);
    if (outcome !== "inserted") return outcome;
    // Somebody else may have taken it up by now: what is known is that it is there.
    const row = await store.get(task.id);
    if (row === undefined) throw new Error(`the task ${task.id} has vanished`);
    return row;
  }

  /** The task of an id; whatever else somebody gives for one is the id of none. */
  async get(id: string): Promise<TaskRow | undefined> {
    return TASK_ID.test(id) ? this.#options.store.get(id) : undefined;
  }

  /** Asks for the end of a task: at once where nobody is at it, else whoever is at it hears of it within a second. */
  async cancel(id: string, by: string): Promise<TaskRow | undefined> {
    const { store, signals, clock } = this.#options;
    const row = await store.requestCancel(id, by, clock());
    if (row === undefined) return undefined;
    if (isOpenTask(row)) signals.publish({ topic: "task-cancel-requested", task: id });
    this.publish(row);
    return row;
  }

  /**
   * Takes answers to what a task has asked; those to anything else are passed over. Once all are there it goes on. Of
   * answers that come at the same moment none is lost. Undefined: the task is gone.
   */
  async answer(row: TaskRow, responses: Readonly<Record<string, unknown>>): Promise<TaskRow | undefined> {
    let current: TaskRow | undefined = row;
    while (current !== undefined) {
      const answered: TaskRow | undefined = await this.#answerAsSeen(current, responses);
      if (answered !== undefined) return answered;
      // It has moved on since it was looked at: by another answer, or out of the reach of answers.
      current = await this.#options.store.get(row.id);
    }
    return undefined;
  }

  /** Undefined: the row is not any more as it was seen. */
  async #answerAsSeen(row: TaskRow, responses: Readonly<Record<string, unknown>>): Promise<TaskRow | undefined> {
    const { store, sealer, clock } = this.#options;
    const input = this.inputOf(row);
    if (row.state !== "input_required" || input === undefined) return row;
    const known = Object.entries(responses).filter(([key]) => Object.hasOwn(input.asked, key));
    if (known.length === 0) return row;
    const next = { ...input, answered: { ...input.answered, ...Object.fromEntries(known) } };
    const isComplete = Object.keys(next.asked).every((key) => Object.hasOwn(next.answered, key));
    const moved = await store.move({
      id: row.id,
      attempt: row.attempt,
      from: ["input_required"],
      whileInput: row.sealedInput,
      now: clock(),
      set: {
        sealedInput: sealer.seal(purpose(row.id, "input"), next),
        ...(isComplete && { state: "working" as const }),
      },
    });
    if (moved !== undefined) this.publish(moved);
    return moved;
  }

  /** Resolves with the row once nobody works at it any more, or as it is at `until`. Rejects with the signal's reason. */
  async whenSettled(row: TaskRow, { until, signal, onLook }: SettleWait): Promise<TaskRow> {
    const { store, signals, clock } = this.#options;
    const isOver = timeOver(until, clock);
    let wake = (): void => undefined;
    let isTold = false;
    const tell = (): void => {
      isTold = true;
      wake();
    };
    const forget = signals.subscribe((heard) => {
      if (concerns(heard, row.id)) tell();
    });
    signal.addEventListener("abort", tell, { once: true });
    try {
      let current = row;
      while (current.state === "working" && !isOver()) {
        if (!isTold) await new Promise<void>((resolve) => void (wake = wakeWithin(until - clock(), resolve)));
        isTold = false;
        signal.throwIfAborted();
        const found = await store.get(row.id);
        if (found === undefined) return current;
        current = found;
        onLook(current);
      }
      return current;
    } finally {
      forget();
      signal.removeEventListener("abort", tell);
    }
  }

  callOf(row: TaskRow): unknown {
    return this.#options.sealer.unseal(purpose(row.id, "call"), row.sealedCall);
  }

  outcomeOf({ id, sealedOutcome }: TaskRow): TaskOutcome | undefined {
    if (sealedOutcome === undefined) return undefined;
    return this.#options.sealer.unseal(purpose(id, "outcome"), sealedOutcome) as TaskOutcome;
  }

  sealOutcome(id: string, outcome: TaskOutcome): Uint8Array {
    return this.#options.sealer.seal(purpose(id, "outcome"), outcome);
  }

  inputOf({ id, sealedInput }: TaskRow): TaskInput | undefined {
    if (sealedInput === undefined) return undefined;
    return this.#options.sealer.unseal(purpose(id, "input"), sealedInput) as TaskInput;
  }

  sealInput(id: string, input: TaskInput): Uint8Array {
    return this.#options.sealer.seal(purpose(id, "input"), input);
  }

  /** Tells everybody who follows the task, on every process, that there is something new to see. */
  publish({ id: task, subject }: TaskRow): void {
    this.#options.signals.publish({ topic: "task-updated", task, subject });
  }
}

/** Calls back when called, or after so long at the latest; signals may be lost, so that is no long time. */
function wakeWithin(ms: number, callBack: () => void): () => void {
  const timer = setTimeout(callBack, Math.max(0, Math.min(ms, LOOK_AGAIN_MS)));
  return () => {
    clearTimeout(timer);
    callBack();
  };
}

/** Whether what was heard may be about this task. */
export function concerns(heard: HeardSignal, id: string): boolean {
  return heard.topic === "missed" || (heard.topic === "task-updated" && heard.task === id);
}

function purpose(id: string, what: "call" | "input" | "outcome"): string {
  return `callgate task ${id} ${what}`;
}
