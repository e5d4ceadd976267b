import type { TaskRow } from "../../store/task-port.ts";
import { isOpenTask, type TaskBoard } from "../../tasks/task-board.ts";
import type { ChangeEvent } from "../../wire/exchange.ts";
import { rpcCode } from "../../wire/rpc-error.ts";

const POLL_MS = 1_000;

/** A task as `tools/call` answers it: JSON text of its members; extension `io.modelcontextprotocol/tasks`, "Task". */
export function taskMembers(row: TaskRow): string {
  return JSON.stringify(taskOf(row)).slice(1, -1);
}

/** A task with its result, its error or its questions: "DetailedTask" of the extension. */
export function detailedMembers(board: TaskBoard, row: TaskRow): string {
  const base = taskMembers(row);
  if (row.state === "input_required") return `${base},"inputRequests":${JSON.stringify(pendingRequests(board, row))}`;
  if (row.state === "failed") return `${base},"error":${JSON.stringify(errorOf(board, row))}`;
  if (row.state !== "completed") return base;
  const { members = '"content":[]', meta } = board.outcomeOf(row) ?? {};
  const metaMember = meta === undefined || meta === "" ? "" : `,"_meta":{${meta}}`;
  return `${base},"result":{${members},"resultType":"complete"${metaMember}}`;
}

export const TASK_UPDATED = "notifications/tasks";

/** A task has moved on, as its subscribers are told. */
export function taskUpdated(board: TaskBoard, row: TaskRow): ChangeEvent {
  return { method: TASK_UPDATED, params: JSON.parse(`{${detailedMembers(board, row)}}`) as ChangeEvent["params"] };
}

/** What a task has asked and has no answer to. */
export function pendingRequests(board: TaskBoard, row: TaskRow): Readonly<Record<string, unknown>> {
  const { asked = {}, answered = {} } = board.inputOf(row) ?? {};
  return Object.fromEntries(Object.entries(asked).filter(([key]) => !Object.hasOwn(answered, key)));
}

function errorOf(board: TaskBoard, row: TaskRow): unknown {
  return board.outcomeOf(row)?.error ?? { code: rpcCode.internal, message: row.code ?? "The task failed." };
}

function taskOf(row: TaskRow): Readonly<Record<string, unknown>> {
  return {
    taskId: row.id,
    status: row.state,
    ...statusMessage(row),
    createdAt: new Date(row.createdAt).toISOString(),
    lastUpdatedAt: new Date(row.updatedAt).toISOString(),
    ttlMs: row.expiresAt - row.createdAt,
    pollIntervalMs: POLL_MS,
  };
}

function statusMessage(row: TaskRow): { statusMessage?: string } {
  if (row.state === "cancelled") return { statusMessage: cancelledWords(row) };
  if (row.cancelAt !== undefined && isOpenTask(row)) return { statusMessage: "Its end has been asked for." };
  const last = row.progress.at(-1);
  if (last === undefined) return row.attempt === 0 ? { statusMessage: "Waiting to be begun." } : {};
  const far = last.total === undefined ? `${last.done}` : `${last.done} of ${last.total}`;
  return { statusMessage: last.message === undefined ? far : `${far}: ${last.message}` };
}

function cancelledWords({ code, cancelBy }: TaskRow): string {
  if (code === "task_expired") return "Cancelled: its time was over.";
  return cancelBy === undefined ? "Cancelled." : "Cancelled, as was asked.";
}

/** A task as the tools that look after tasks give it. */
export interface TaskInfo {
  readonly task_id: string;
  readonly tool: string;
  readonly subject: string;
  readonly status: TaskRow["state"];
  readonly message?: string | undefined;
  readonly progress?:
    | {
        readonly done: number;
        readonly total?: number | undefined;
        readonly message?: string | undefined;
      }
    | undefined;
  readonly created_at: string;
  readonly updated_at: string;
  readonly finished_at?: string | undefined;
  readonly expires_at: string;
  readonly worked_ms: number;
  readonly cost?: Readonly<Record<string, number>> | undefined;
  readonly code?: string | undefined;
  readonly cancelled_by?: string | undefined;
}

export function toTaskInfo(row: TaskRow): TaskInfo {
  const last = row.progress.at(-1);
  const { statusMessage: message } = statusMessage(row);
  const { at: _, ...progress } = last ?? { at: 0, done: 0 };
  return {
    task_id: row.id,
    tool: row.tool,
    subject: row.subject,
    status: row.state,
    ...(message !== undefined && { message }),
    ...(last !== undefined && { progress }),
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
    ...(row.finishedAt !== undefined && { finished_at: new Date(row.finishedAt).toISOString() }),
    expires_at: new Date(row.expiresAt).toISOString(),
    worked_ms: row.workedMs,
    ...(Object.keys(row.cost).length > 0 && { cost: row.cost }),
    ...(row.code !== undefined && { code: row.code }),
    ...(row.cancelBy !== undefined && { cancelled_by: row.cancelBy }),
  };
}

/** What a client that knows no tasks is answered while the work goes on: the task, and the call that follows it. */
export function taskEnvelope(row: TaskRow): Readonly<Record<string, unknown>> {
  return {
    task: toTaskInfo(row),
    next: { tool: "get_task", arguments: { task_id: row.id }, after_ms: POLL_MS },
  };
}
