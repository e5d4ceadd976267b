import type { TaskRow } from "../../store/task-port.ts";

const TASK = "io.callgate/task";

/** What a question carries that a task asks through a call of a client that knows no tasks. */
export function stateOfTask({ id }: TaskRow): unknown {
  return { [TASK]: id };
}

/** The task that the answers of a call are for; undefined where they are for the call itself. */
export function taskInState(state: unknown): string | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  const id = (state as Readonly<Record<string, unknown>>)[TASK];
  return typeof id === "string" ? id : undefined;
}
