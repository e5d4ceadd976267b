import { type TasksTable, toTaskPage, toTaskRow } from "../../task-columns.ts";
import type {
  NewTask,
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
import type { BatchChannel } from "../threads/batch-channel.ts";
import type { TaskOperations } from "./task-operations.ts";

/** Tasks in gate.db, all through the ledger's thread: they are few, and each of their changes must be durable. */
export class SqliteTaskStore implements TaskStore {
  readonly database = undefined;
  readonly #channel: BatchChannel;
  readonly #timeToRemove: (now: number) => number;

  constructor(channel: BatchChannel, timeToRemove: (now: number) => number) {
    this.#channel = channel;
    this.#timeToRemove = timeToRemove;
  }

  insert(task: NewTask, room: TaskRoom): Promise<TaskInsertion> {
    return this.#perform("insert", task, room);
  }

  get(id: string): Promise<TaskRow | undefined> {
    return this.#row("get", id);
  }

  async take(take: TaskTake): Promise<TaskTaken> {
    const taken = await this.#perform("take", take);
    return typeof taken === "string" ? { kind: taken } : { kind: "taken", row: toTaskRow(taken) };
  }

  move(move: TaskMove): Promise<TaskRow | undefined> {
    return this.#row("move", move);
  }

  requestCancel(id: string, by: string, now: number): Promise<TaskRow | undefined> {
    return this.#row("cancel", id, by, now);
  }

  async waiting(wanted: TasksWanted): Promise<readonly TaskRow[]> {
    return (await this.#perform("waiting", wanted)).map(toTaskRow);
  }

  async atWork(now: number): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.#perform("atWork", now)).map(({ tool, running }) => [tool, running]));
  }

  async held(now: number, limit: number): Promise<readonly TaskRow[]> {
    return (await this.#perform("held", now, limit)).map(toTaskRow);
  }

  async list(query: TaskQuery): Promise<TaskPage> {
    const records = await this.#perform("list", query);
    return toTaskPage(records, query.limit);
  }

  expire(now: number): Promise<number> {
    return this.#perform("expire", this.#timeToRemove(now));
  }

  async #row<Name extends "get" | "move" | "cancel">(
    name: Name,
    ...values: Parameters<TaskOperations[Name]>
  ): Promise<TaskRow | undefined> {
    const record: TasksTable | undefined = await this.#perform(name, ...values);
    return record && toTaskRow(record);
  }

  #perform<Name extends keyof TaskOperations>(
    name: Name,
    ...values: Parameters<TaskOperations[Name]>
  ): Promise<ReturnType<TaskOperations[Name]>> {
    return this.#channel.call(["task", name, ...values]);
  }
}
