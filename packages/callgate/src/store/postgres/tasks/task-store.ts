import type { Compilable } from "kysely";
import { changedColumns, type TasksTable, toTaskPage, toTaskRow } from "../../task-columns.ts";
import type {
  ExecuteSql,
  NewTask,
  TaskDatabase,
  TaskInsertion,
  TaskMove,
  TaskPage,
  TaskQuery,
  TaskRoom,
  TaskRow,
  TaskStore,
  TasksWanted,
  TaskTake,
  TaskTaken,
} from "../../task-port.ts";
import {
  cancelOverdue,
  cancelTask,
  countAtWork,
  countAtWorkByTool,
  countOpen,
  deleteExpired,
  insertTask,
  listTasks,
  moveTask,
  selectDue,
  selectHeld,
  selectTask,
  selectWaiting,
  type TaskTables,
  takeTask,
} from "../../task-queries.ts";
import type { Connections, RunRecords } from "../database/connections.ts";
import { persist } from "../database/persist.ts";
import { openQueries } from "../database/queries.ts";
import { timeToRemove } from "../database/server-time.ts";

/** Asks with the queries that every store has for tasks. */
type RunQuery = <Result>(query: Compilable<Result>) => Promise<readonly Result[]>;

interface Work {
  readonly tables: TaskTables;
  readonly all: RunQuery;
  /** Whether an attempt went before whose answer was lost. */
  readonly isRepeat: boolean;
  readonly execute: ExecuteSql;
  /** Lets one at a time go on, on any gate, until the transaction ends. */
  readonly alone: (name: string) => Promise<unknown>;
}

/** Tasks in PostgreSQL: one transaction a change, which finds what it has left where it is sent again. */
export class PostgresTaskStore implements TaskStore {
  readonly database: TaskDatabase;
  readonly #writing: Connections;

  constructor(writing: Connections, database: TaskDatabase) {
    this.#writing = writing;
    this.database = database;
  }

  insert(task: NewTask, room: TaskRoom, within?: (execute: ExecuteSql) => Promise<void>): Promise<TaskInsertion> {
    return this.#work(async ({ tables, all, isRepeat, alone, execute }) => {
      await alone("tasks");
      if (isRepeat && (await all(selectTask(tables, task.id))).length > 0) return "inserted";
      if (task.due !== undefined && (await all(selectDue(tables, task.due))).length > 0) return "due";
      const [open] = await all(countOpen(tables, task.subject));
      if (open === undefined || open.total >= room.all || open.mine >= room.ofSubject) return "full";
      await all(insertTask(tables, task));
      await within?.(execute);
      return "inserted";
    });
  }

  get(id: string): Promise<TaskRow | undefined> {
    return this.#row(async ({ tables, all }) => (await all(selectTask(tables, id)))[0]);
  }

  take(take: TaskTake): Promise<TaskTaken> {
    return this.#work<TaskTaken>(async ({ tables, all, isRepeat, alone }) => {
      if (isRepeat) {
        const [held] = await all(selectTask(tables, take.id));
        if (held !== undefined && isHeldBy(held, take)) return { kind: "taken", row: toTaskRow(held) };
      }
      if (take.most !== undefined) {
        await alone("tasks at work");
        const [atWork] = await all(countAtWork(tables, { ...take, ...take.most }));
        if (atWork === undefined || atWork.running >= take.most.tasks) return { kind: "busy" };
      }
      const [taken] = await all(takeTask(tables, take));
      return taken === undefined ? { kind: "gone" } : { kind: "taken", row: toTaskRow(taken) };
    });
  }

  move(move: TaskMove): Promise<TaskRow | undefined> {
    return this.#row(async ({ tables, all, isRepeat }) => {
      const [moved] = await all(moveTask(tables, move));
      if (moved !== undefined || !isRepeat) return moved;
      const [there] = await all(selectTask(tables, move.id));
      return there !== undefined && isAfter(there, move) ? there : undefined;
    });
  }

  requestCancel(id: string, by: string, now: number): Promise<TaskRow | undefined> {
    return this.#row(
      async ({ tables, all }) =>
        (await all(cancelTask(tables, { id, by, now })))[0] ?? (await all(selectTask(tables, id)))[0],
    );
  }

  waiting(wanted: TasksWanted): Promise<readonly TaskRow[]> {
    return this.#work(async ({ tables, all }) => (await all(selectWaiting(tables, wanted))).map(toTaskRow));
  }

  async atWork(now: number): Promise<ReadonlyMap<string, number>> {
    const counts = await this.#work(({ tables, all }) => all(countAtWorkByTool(tables, now)));
    return new Map(counts.map(({ tool, running }) => [tool, running]));
  }

  held(now: number, limit: number): Promise<readonly TaskRow[]> {
    return this.#work(async ({ tables, all }) => (await all(selectHeld(tables, now, limit))).map(toTaskRow));
  }

  async list(query: TaskQuery): Promise<TaskPage> {
    const records = await this.#work(({ tables, all }) => all(listTasks(tables, query)));
    return toTaskPage(records, query.limit);
  }

  async expire(now: number): Promise<number> {
    const { tables } = await openQueries();
    return persist(() =>
      this.#writing.transaction(async (run, records) => {
        const time = await timeToRemove(run, now);
        await records.run(cancelOverdue(tables, time).compile());
        return records.count(deleteExpired(tables, time).compile());
      }),
    );
  }

  async #row(work: (given: Work) => Promise<TasksTable | undefined>): Promise<TaskRow | undefined> {
    const record = await this.#work(work);
    return record === undefined ? undefined : toTaskRow(record);
  }

  async #work<Result>(work: (given: Work) => Promise<Result>): Promise<Result> {
    const { tables } = await openQueries();
    return persist((isRepeat) =>
      this.#writing.transaction((run, records) => {
        const alone = (name: string): Promise<unknown> =>
          run({ text: "SELECT pg_advisory_xact_lock(hashtextextended($1, 7402))", values: [name] });
        const execute: ExecuteSql = (sql, parameters = []) => records.run({ sql, parameters });
        return work({ tables, all: asking(records), isRepeat, execute, alone });
      }),
    );
  }
}

function asking(records: RunRecords): RunQuery {
  // Each query says what its rows are.
  return async <Result>(query: Compilable<Result>) => (await records.run(query.compile())) as readonly Result[];
}

function isHeldBy(task: TasksTable, { attempt, owner, leaseUntil }: TaskTake): boolean {
  return task.attempt === attempt + 1 && task.owner === owner && task.lease_until === leaseUntil;
}

/** Whether the task stands exactly where the move leads. */
function isAfter(task: TasksTable, { attempt, now, set }: TaskMove): boolean {
  if (task.attempt !== attempt) return false;
  return Object.entries(changedColumns(set, now)).every(([column, value]) => {
    const there = task[column as keyof TasksTable];
    return value instanceof Uint8Array
      ? there instanceof Uint8Array && Buffer.compare(value, there) === 0
      : value === there;
  });
}
