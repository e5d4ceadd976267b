import type { ExecuteSql, TaskRow } from "../store/task-port.ts";

/** What a delivery is of. */
export type Delivered = Pick<TaskRow, "id" | "priority">;

/**
 * Brings waiting tasks to the workers of some process. A delivery is a hint and no more: who gets it has still to win the
 * row, so it may come twice, late, or for a task that has ended.
 */
export interface TaskQueue {
  /** Makes the delivery in the transaction that makes the row; undefined where the queue finds the rows by itself. */
  readonly enlist: ((task: Delivered, execute: ExecuteSql) => Promise<void>) | undefined;
  /** Brings a task that waits again. */
  deliver(task: Delivered): void;
  /** Brings nothing more. */
  stop(): Promise<void>;
  /** Once nothing that it brought is under way any more. */
  close(): Promise<void>;
}
