/** Brings waiting tasks to the workers of this process. */
export interface TaskQueue {
  /** Says that a task may be waiting: one was begun here, or goes on. */
  wake(): void;
  /** Brings nothing more. */
  close(): Promise<void>;
}
