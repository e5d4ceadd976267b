import { z } from "zod";
import { resultOf } from "../gate/tasks/follow-task.ts";
import { type TaskInfo as Info, pendingRequests, toTaskInfo } from "../gate/tasks/task-view.ts";
import { TASK_STATES, type TaskRow } from "../store/task-port.ts";
import type { TaskBoard } from "../tasks/task-board.ts";

const info = {
  task_id: z.string(),
  tool: z.string(),
  subject: z.string(),
  status: z
    .enum(TASK_STATES)
    .describe("working: call get_task again after some seconds; the others but input_required are its end"),
  message: z.string().optional(),
  progress: z
    .object({ done: z.number(), total: z.number().optional(), message: z.string().optional() })
    .optional()
    .describe("How far the work is, in its own measure"),
  created_at: z.string(),
  updated_at: z.string(),
  finished_at: z.string().optional(),
  expires_at: z.string().describe("Kept until then, with its result"),
  worked_ms: z.number().describe("Milliseconds of work so far"),
  cost: z.record(z.string(), z.number()).optional().describe("What it has cost so far, by unit"),
  code: z.string().optional().describe("Why it failed or was cancelled"),
  cancelled_by: z.string().optional(),
};

export type TaskInfo = Info;

export const TaskInfo: z.ZodType<Info, Info> = z.object(info);

/** A task with what it gave. */
export interface TaskReport extends Info {
  readonly history?:
    | readonly { at: string; done: number; total?: number | undefined; message?: string | undefined }[]
    | undefined;
  readonly asks?: Readonly<Record<string, unknown>> | undefined;
  readonly result?: unknown;
  readonly error?: Readonly<Record<string, unknown>> | undefined;
}

export const TaskReport: z.ZodType<TaskReport, TaskReport> = z.object({
  ...info,
  history: z
    .array(
      z.object({
        at: z.string(),
        done: z.number(),
        total: z.number().optional(),
        message: z.string().optional(),
      }),
    )
    .optional()
    .describe("The last steps of the work, oldest first"),
  asks: z.record(z.string(), z.unknown()).optional().describe("What it waits to be told by the client that began it"),
  result: z.unknown().optional().describe("What the tool gave"),
  error: z.record(z.string(), z.unknown()).optional().describe("Why there is no result"),
});

export function toTaskReport(board: TaskBoard, row: TaskRow): TaskReport {
  const history = row.progress.map(({ at, ...step }) => ({ at: new Date(at).toISOString(), ...step }));
  return {
    ...toTaskInfo(row),
    ...(history.length > 0 && { history }),
    ...(row.state === "input_required" && { asks: pendingRequests(board, row) }),
    ...endOf(board, row),
  };
}

/** The structured result as it is; the texts of one that has none. A tool's no reads as it does from the tool itself. */
function endOf(board: TaskBoard, row: TaskRow): Pick<TaskReport, "result" | "error"> {
  const outcome = board.outcomeOf(row);
  if (outcome === undefined) return {};
  const { structuredContent, content, isError } = resultOf(outcome);
  if (isError !== true) return { result: structuredContent ?? content };
  const said = (content as readonly { readonly text?: string }[])[0]?.text ?? "{}";
  return { error: (JSON.parse(said) as { readonly error: Readonly<Record<string, unknown>> }).error };
}
