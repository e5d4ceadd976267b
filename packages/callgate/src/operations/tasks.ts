import { z } from "zod";
import { covers } from "../callers/visible.ts";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { Subject } from "../define/subject.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import { unknownTask } from "../gate/tasks/begin-task.ts";
import { cancelTask } from "../gate/tasks/cancel-task.ts";
import { letFollowTasks } from "../gate/tasks/follows-tasks.ts";
import { toTaskInfo } from "../gate/tasks/task-view.ts";
import { TASK_STATES, type TaskRow } from "../store/task-port.ts";
import type { TaskBoard } from "../tasks/task-board.ts";
import { TASKS_CANCEL, TASKS_READ } from "../tasks/task-scopes.ts";
import { isOfTenant } from "./is-of-tenant.ts";
import { pageAfter } from "./page-after.ts";
import { present } from "./present.ts";
import { TaskInfo, TaskReport, toTaskReport } from "./task-schemas.ts";

/** The result within is no larger than its own tool may answer. */
const MOST_REPORT_BYTES = 16 * 1024 * 1024;

/** Long work, for clients that know no tasks, and for people. Shown to whoever sees a tool whose work is long. */
export function tasksDomain(insides: GateInsides): Domain<TaskBoard> {
  const { board } = insides.tasks;
  const tasks = defineDomain<TaskBoard>("tasks", {
    owner: "gate-operators",
    purpose: "Following long work: how far it is, what it gave, and ending it.",
    concern: "Nobody may see or end the work of somebody else.",
    // Ending what is ended changes nothing.
    backend: { start: () => board, takesIdempotencyKey: true },
  });
  addGetTask(tasks);
  addCancelTask(tasks, insides);
  addListTasks(tasks, insides);
  letFollowTasks(tasks);
  return tasks;
}

function addGetTask(tasks: Domain<TaskBoard>): void {
  tasks.read("get_task", {
    description:
      "Get a task of yours by its id: how far the work is, what it has cost, and its result or error once it has ended. Call it again " +
      "after some seconds while the status is working.",
    input: z.object({ task_id: z.string().describe("e.g. task_…, from the call that began it, or from list_tasks") }),
    output: TaskReport,
    maxResultBytes: MOST_REPORT_BYTES,
    run: async ({ task_id }, { backend, subject }) =>
      toTaskReport(backend, await findTask(backend, { subject, id: task_id, scope: TASKS_READ })),
  });
}

function addCancelTask(tasks: Domain<TaskBoard>, insides: GateInsides): void {
  tasks.write("cancel_task", {
    description:
      "Cancel a task of yours: the work behind it ends, wherever it runs. One that has ended stays as it is. What has taken place " +
      "by then is not taken back.",
    repeat: "allow",
    input: z.object({ task_id: z.string().describe("e.g. task_…, from the call that began it, or from list_tasks") }),
    output: TaskInfo,
    plan: async ({ task_id }, { backend, subject }) => {
      const row = await findTask(backend, { subject, id: task_id, scope: TASKS_CANCEL });
      return { preview: { action: "cancel_task", task: { id: row.id, tool: row.tool, subject: row.subject } }, row };
    },
    volatile: ["row"],
    commit: async ({ row }, { subject }) => toTaskInfo((await cancelTask(insides, row, subject.id)) ?? row),
    // Not asked: a task that has ended is cancelled no more.
    lookup: () => undefined,
  });
}

function addListTasks(tasks: Domain<TaskBoard>, { store }: GateInsides): void {
  tasks.read("list_tasks", {
    description:
      "List your tasks, newest first: those under way and those that have ended, for as long as they are kept.",
    input: z.object({
      status: z.enum(TASK_STATES).optional(),
      tool: z.string().optional(),
      everyone: z
        .boolean()
        .default(false)
        .describe(`True: the tasks of all callers, for who has the scope ${TASKS_READ}`),
      limit: z.int().min(1).max(100).default(20).describe("Tasks at most"),
      cursor: z.string().optional().describe("next_cursor of the page before, with the same other arguments"),
    }),
    output: z.object({
      tasks: z.array(TaskInfo),
      next_cursor: z.string().optional().describe("There is more: pass it as cursor"),
    }),
    run: async ({ status: state, tool, everyone, limit, cursor }, { subject, requireScope }) => {
      if (everyone) requireScope(TASKS_READ);
      // Strangers are all one subject: for them there is no list, only the ids that each of them knows.
      else if (subject.kind === "anonymous") return { tasks: [] };
      const whose = everyone ? { tenant: subject.tenant } : { subject: subject.id };
      const page = await pageAfter(cursor, store.tasks.list({ ...present({ ...whose, state, tool, cursor }), limit }));
      return { tasks: page.rows.map(toTaskInfo), ...(page.cursor !== undefined && { next_cursor: page.cursor }) };
    },
  });
}

interface Wanted {
  readonly subject: Subject;
  readonly id: string;
  /** With it, the tasks of others of the tenant are there too. */
  readonly scope: string;
}

/** SECURITY 19: the task of somebody else is not there. */
async function findTask(board: TaskBoard, { subject, id, scope }: Wanted): Promise<TaskRow> {
  const row = await board.get(id);
  if (row === undefined) throw unknownTask();
  const isOwn = row.subject === subject.id;
  if (isOwn || (covers(subject.scopes, scope) && isOfTenant(subject, row.tenant))) return row;
  throw unknownTask();
}
