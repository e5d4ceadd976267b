import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Compilable } from "kysely";
import type { TasksTable } from "../../task-columns.ts";
import type { NewTask, TaskInsertion, TaskMove, TaskQuery, TaskRoom, TasksWanted, TaskTake } from "../../task-port.ts";
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
import { queries } from "../database/queries.ts";
import type { Operation } from "../threads/batch.ts";

/** What the ledger's thread does with tasks, by the second word of an operation. */
export interface TaskOperations {
  insert(task: NewTask, room: TaskRoom): TaskInsertion;
  get(id: string): TasksTable | undefined;
  take(take: TaskTake): TasksTable | "busy" | "gone";
  move(move: TaskMove): TasksTable | undefined;
  cancel(id: string, by: string, now: number): TasksTable | undefined;
  waiting(wanted: TasksWanted): readonly TasksTable[];
  atWork(now: number): readonly { readonly tool: string; readonly running: number }[];
  held(now: number, limit: number): readonly TasksTable[];
  list(query: TaskQuery): readonly TasksTable[];
  expire(now: number): number;
}

// The queries are of one table alone, and the builder of all of them knows it.
const tables = queries as unknown as TaskTables;

/** Prepares the work on tasks within the ledger's transactions: `["task", name, …]`. Few and far between, they are compiled each time. */
export function createTaskOperations(database: DatabaseSync): (operation: Operation) => unknown {
  const run = (query: Compilable): number => {
    const { sql, parameters } = query.compile();
    return Number(database.prepare(sql).run(...(parameters as SQLInputValue[])).changes);
  };
  // Each query says what its rows are.
  const all = <Row>(query: Compilable<Row>): Row[] => {
    const { sql, parameters } = query.compile();
    return database.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[];
  };
  const first = <Row>(query: Compilable<Row>): Row | undefined => all(query)[0];
  const operations: TaskOperations = {
    insert: (task, room) => {
      if (task.due !== undefined && first(selectDue(tables, task.due)) !== undefined) return "due";
      const { total, mine } = first(countOpen(tables, task.subject)) ?? FULL;
      if (total >= room.all || mine >= room.ofSubject) return "full";
      run(insertTask(tables, task));
      return "inserted";
    },
    get: (id) => first(selectTask(tables, id)),
    take: (take) => {
      const { most } = take;
      const atWork = most && first(countAtWork(tables, { ...take, ...most }));
      if (atWork !== undefined && atWork.running >= (most?.tasks ?? 0)) return "busy";
      return first(takeTask(tables, take)) ?? "gone";
    },
    move: (move) => first(moveTask(tables, move)),
    cancel: (id, by, now) => first(cancelTask(tables, { id, by, now })) ?? first(selectTask(tables, id)),
    waiting: (wanted) => all(selectWaiting(tables, wanted)),
    atWork: (now) => all(countAtWorkByTool(tables, now)),
    held: (now, limit) => all(selectHeld(tables, now, limit)),
    list: (query) => all(listTasks(tables, query)),
    expire: (now) => {
      run(cancelOverdue(tables, now));
      return run(deleteExpired(tables, now));
    },
  };
  return ([, name, ...values]) => {
    // Made by task-store.ts alone: the name says what follows.
    const perform = operations[name as keyof TaskOperations] as (...values: readonly unknown[]) => unknown;
    return perform(...values);
  };
}

const FULL = { total: Number.POSITIVE_INFINITY, mine: Number.POSITIVE_INFINITY };
