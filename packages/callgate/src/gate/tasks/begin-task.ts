import type { TaskRow } from "../../store/task-port.ts";
import { newTaskId } from "../../tasks/task-board.ts";
import type { Ending } from "../answers/ending.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import { answerTask } from "./answer-task.ts";
import { followTask } from "./follow-task.ts";
import { ownTask } from "./own-task.ts";
import { toStoredCall } from "./stored-call.ts";
import { taskInState } from "./task-state.ts";

/** Stage 10 for a read whose work is long: it becomes a task, and the call follows that for as long as its client wants. */
export async function beginRead(call: Call, tool: ServedTool): Promise<Ending> {
  const earlier = taskInState(call.state);
  if (earlier === undefined) return followTask(call, tool, await beginTask(call, tool));
  const row = await ownTask(call.gate, call.subject, earlier);
  if (row === undefined) throw unknownTask();
  return followTask(call, tool, await answerTask(call, row));
}

/** Makes the task, durable before this resolves. */
export async function beginTask(call: Call, tool: ServedTool): Promise<TaskRow> {
  const { gate, subject, longRules } = call;
  if (longRules === undefined) throw new Error(`${tool.name} is no long work`);
  const begun = await gate.tasks.begin({
    id: newTaskId(),
    subject: subject.id,
    tenant: subject.tenant,
    tool: tool.name,
    callId: call.id,
    writeId: call.writeId,
    priority: longRules.priority,
    due: call.due,
    ttlMs: longRules.ttlMs,
    call: toStoredCall(call),
  });
  call.mark("task");
  if (begun === "due") throw gateError("task_begun", `${tool.name} has been begun for ${call.due} by another process.`);
  if (begun === "full") {
    throw gateError("too_many_tasks", "As many tasks are open as may be.", {
      next: "Wait for one of yours to end, or cancel one with cancel_task.",
      retry: { afterMs: 10_000 },
    });
  }
  return begun;
}

/** SECURITY 19: the same words for the task of somebody else. */
export function unknownTask(): Error {
  return gateError("unknown_task", "There is no such task.", {
    next: "Call list_tasks for yours. Tasks that have ended are removed some time after.",
  });
}
