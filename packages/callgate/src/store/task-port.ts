/** Where a task stands, in the words of the extension `io.modelcontextprotocol/tasks`. */
export type TaskState = "working" | "input_required" | "completed" | "failed" | "cancelled";

/** Every state that there is. */
export const TASK_STATES: readonly TaskState[] = ["working", "input_required", "completed", "failed", "cancelled"];

/** The states that a task leaves again. */
export const OPEN_TASK_STATES: readonly TaskState[] = ["working", "input_required"];

/** How far the work was, in the tool's own measure and words. */
export interface TaskProgress {
  readonly at: number;
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
}

/** What the work has cost so far, by unit: `{ usd: 0.2, rows: 1200 }`. */
export type TaskCost = Readonly<Record<string, number>>;

/** One piece of long work. Times are milliseconds since the epoch; sealed bytes are unreadable without the gate's key ring. */
export interface TaskRow {
  /** Cannot be guessed: 160 bits of chance. */
  readonly id: string;
  readonly subject: string;
  readonly tenant: string | undefined;
  readonly tool: string;
  /** The call that began it. */
  readonly callId: string;
  /** The ledger row of a write. */
  readonly writeId: string | undefined;
  readonly state: TaskState;
  /** Grows each time a process takes the work up, 0 before the first; a change names the attempt it belongs to. */
  readonly attempt: number;
  /** The process at work, and until when its word counts; undefined while nobody is. */
  readonly owner: string | undefined;
  readonly leaseUntil: number;
  /** Those with a higher one are taken up first. */
  readonly priority: number;
  readonly sealedCall: Uint8Array;
  /** What the client was asked, and what it has answered so far. */
  readonly sealedInput: Uint8Array | undefined;
  readonly sealedOutcome: Uint8Array | undefined;
  /** Oldest first. */
  readonly progress: readonly TaskProgress[];
  readonly cost: TaskCost;
  /** Milliseconds of work so far, over all attempts. */
  readonly workedMs: number;
  /** Why it failed or was cancelled. */
  readonly code: string | undefined;
  /** Who asked for its end, and when. */
  readonly cancelBy: string | undefined;
  readonly cancelAt: number | undefined;
  /** The due time of the schedule that it stands for: there is one task for each. */
  readonly due: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | undefined;
  /** Kept until then. */
  readonly expiresAt: number;
}

/** A task that nobody has taken up yet. */
export type NewTask = Pick<
  TaskRow,
  | "id"
  | "subject"
  | "tenant"
  | "tool"
  | "callId"
  | "writeId"
  | "priority"
  | "sealedCall"
  | "due"
  | "createdAt"
  | "expiresAt"
>;

/** How many tasks may be open, of all and of one subject. */
export interface TaskRoom {
  readonly all: number;
  readonly ofSubject: number;
}

/** `due`: another process has begun the task of this due time already. */
export type TaskInsertion = "inserted" | "full" | "due";

/** What the holder of a task may change of it; `undefined` empties a column. */
export type TaskChanges = Partial<
  Pick<
    TaskRow,
    | "state"
    | "owner"
    | "leaseUntil"
    | "writeId"
    | "sealedInput"
    | "sealedOutcome"
    | "progress"
    | "cost"
    | "workedMs"
    | "code"
    | "expiresAt"
  >
>;

/** A compare-and-set: done only where the row still has this attempt and one of the `from` states. */
export interface TaskMove {
  readonly id: string;
  readonly attempt: number;
  readonly from: readonly TaskState[];
  /** Done only where the row's sealed input still is this one; left out, whatever it is. */
  readonly whileInput?: Uint8Array | undefined;
  readonly now: number;
  readonly set: TaskChanges;
}

/** How many tasks may be at work at the same time, over all processes. */
export interface MostAtWork {
  readonly tasks: number;
  /** The tools whose tasks count: one, by all names that it has had. */
  readonly tools: readonly string[];
}

/** A wish to take the work up, as a new attempt. */
export interface TaskTake {
  readonly id: string;
  /** The attempt as it was seen. */
  readonly attempt: number;
  readonly owner: string;
  /** A holder that is known to be dead: its lease is no hindrance. */
  readonly goneOwner?: string | undefined;
  readonly now: number;
  readonly leaseUntil: number;
  /** Undefined: any number. */
  readonly most: MostAtWork | undefined;
}

/** Which tasks somebody might take up. */
export interface TasksWanted {
  readonly now: number;
  /** One or more. */
  readonly tools: readonly string[];
  readonly limit: number;
}

/** `busy`: as many tasks of the tool are at work as may be. `gone`: somebody else has it, or it has ended. */
export type TaskTaken = { readonly kind: "taken"; readonly row: TaskRow } | { readonly kind: "busy" | "gone" };

export interface TaskQuery {
  readonly subject?: string;
  readonly tenant?: string;
  readonly tool?: string;
  readonly state?: TaskState;
  readonly limit: number;
  readonly cursor?: string;
}

export interface TaskPage {
  readonly rows: readonly TaskRow[];
  readonly cursor: string | undefined;
}

/** Runs SQL within the transaction of a change; the rows by the names of their columns. */
export type ExecuteSql = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;

/** The database that the rows are in, for a queue beside them. */
export interface TaskDatabase {
  readonly connectionString: string;
  /** Makes the schema of a queue beside the store's own where it is not there; gives its name. */
  queueSchema(): Promise<string>;
}

/** The table of long work. Changes resolve once durable. */
export interface TaskStore {
  /** Undefined where the rows are all there is. */
  readonly database: TaskDatabase | undefined;
  /** `within` runs in the transaction that makes the row, where the store has a `database`. */
  insert(task: NewTask, room: TaskRoom, within?: (execute: ExecuteSql) => Promise<void>): Promise<TaskInsertion>;
  get(id: string): Promise<TaskRow | undefined>;
  /**
   * Wins the row for one of all who try: with it the right, and the duty, to do the work. Nobody wins it from a holder
   * whose lease is not over.
   */
  take(take: TaskTake): Promise<TaskTaken>;
  /** The row after the move; undefined where it has moved on without this attempt. */
  move(move: TaskMove): Promise<TaskRow | undefined>;
  /**
   * Notes that its end is wanted, once; a task that nobody is at is cancelled by that. The row as it is then, ended ones
   * unchanged; undefined where there is none.
   */
  requestCancel(id: string, by: string, now: number): Promise<TaskRow | undefined>;
  /**
   * Tasks of these tools in `working` that nobody is at, or whose holder's lease is over: highest priority first, then
   * the oldest.
   */
  waiting(wanted: TasksWanted): Promise<readonly TaskRow[]>;
  /** How many tasks of a tool are at work now, for each tool that has any. */
  atWork(now: number): Promise<ReadonlyMap<string, number>>;
  /** Tasks in `working` whose holder's lease is not over. */
  held(now: number, limit: number): Promise<readonly TaskRow[]>;
  /** Newest first. */
  list(query: TaskQuery): Promise<TaskPage>;
  /**
   * Removes ended tasks that are kept no longer, and gives their number; open ones of that age that nobody is at,
   * or whose holder's lease is over, are cancelled, with the code `task_expired`. A store with a clock of its own does
   * neither before its time by that one.
   */
  expire(now: number): Promise<number>;
}
