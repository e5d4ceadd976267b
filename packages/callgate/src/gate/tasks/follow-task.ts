import { type InputRequest, inputRequired } from "../../define/input-required.ts";
import { toSignal } from "../../define/stop.ts";
import type { TaskRow } from "../../store/task-port.ts";
import type { TaskOutcome } from "../../tasks/task-board.ts";
import type { Ending } from "../answers/ending.ts";
import { gateError } from "../answers/gate-error.ts";
import { membersEnding, structuredEnding, textEnding } from "../answers/result-ending.ts";
import { askClient } from "../ask-client.ts";
import type { Call } from "../call/call.ts";
import { tellProgress } from "../context/progress.ts";
import type { ServedTool } from "../served/served.ts";
import { cancelTask } from "./cancel-task.ts";
import { knowsTasks } from "./knows-tasks.ts";
import { stateOfTask } from "./task-state.ts";
import { pendingRequests, taskEnvelope, taskMembers } from "./task-view.ts";

/**
 * What the call that began a task, or came upon it, is answered: the task, where its client knows tasks; else the result,
 * where it comes within the time that the client waits, with the progress until then; else where to look for it.
 */
export async function followTask(call: Call, tool: ServedTool, row: TaskRow): Promise<Ending> {
  if (knowsTasks(call)) return taskEnding(row);
  const settled = await waitFor(call, tool, row);
  call.mark("wait");
  switch (settled.state) {
    case "completed":
    case "failed":
      return outcomeEnding(call, tool, settled);
    case "cancelled":
      throw gateError("call_cancelled", `The task ${row.id} was cancelled.`, { retry: "never" });
    case "input_required":
      return ask(call, settled);
    case "working":
      return envelopeEnding(tool, settled);
  }
}

/** The task itself as the answer: `CreateTaskResult` of the extension. */
function taskEnding(row: TaskRow): Ending {
  const envelope = taskEnvelope(row);
  const members = taskMembers(row);
  return {
    ...membersEnding(members, { value: envelope, resultText: JSON.stringify(envelope) }),
    outcome: "begun",
    answer: { kind: "result", members, resultType: "task", cache: undefined, meta: undefined },
  };
}

async function waitFor(call: Call, tool: ServedTool, row: TaskRow): Promise<TaskRow> {
  const { gate, exchange } = call;
  let told = row.progress.at(-1);
  const onLook = ({ progress }: TaskRow): void => {
    const last = progress.at(-1);
    if (last === undefined || last.at === told?.at) return;
    told = last;
    tellProgress(call, { done: last.done, total: last.total, message: last.message });
  };
  const until = Math.min(call.deadline, gate.clock() + (call.longRules?.waitMs ?? 0));
  try {
    return await gate.tasks.board.whenSettled(row, { until, signal: toSignal(exchange.signal), onLook });
  } catch (error) {
    if (!exchange.signal.aborted) throw error;
    // Nobody else knows of what a read was to give; a write goes on, like every write whose client has gone.
    if (tool.effect === "read") await cancelTask(gate, row, call.subject.id);
    throw gateError("call_cancelled", "The caller cancelled.");
  }
}

/**
 * The result of the task as the answer of the call, as if the call had done the work itself. On record one call alone
 * did a write: the task's own.
 */
function outcomeEnding(call: Call, tool: ServedTool, row: TaskRow): Ending {
  const outcome = call.gate.tasks.board.outcomeOf(row);
  if (outcome === undefined) throw new Error(`the task ${row.id} is ${row.state}, but has no outcome`);
  const result = resultOf(outcome);
  const ending = membersEnding(outcome.members, {
    value: result["structuredContent"] ?? result["content"],
    resultText: JSON.stringify(taskEnvelope(row)),
  });
  const failed = result["isError"] === true;
  return {
    ...ending,
    answer: { kind: "result", members: outcome.members, resultType: "complete", cache: undefined, meta: outcome.meta },
    ...(tool.effect !== "read" && { outcome: "replayed" as const }),
    ...(failed && {
      outcome: row.code === "outcome_unknown" ? ("unknown" as const) : ("error" as const),
      code: row.code,
    }),
  };
}

/** The members of a result. */
export function resultOf({ members }: TaskOutcome): Readonly<Record<string, unknown>> {
  return JSON.parse(`{${members}}`) as Readonly<Record<string, unknown>>;
}

function ask(call: Call, row: TaskRow): Ending {
  // What a task has asked was a question of the tool's own.
  const requests = pendingRequests(call.gate.tasks.board, row) as Readonly<Record<string, InputRequest>>;
  return askClient(call, inputRequired({ requests, state: stateOfTask(row) }));
}

function envelopeEnding(tool: ServedTool, row: TaskRow): Ending {
  const envelope = taskEnvelope(row);
  const text = JSON.stringify(envelope);
  const note = {
    meta: { "io.callgate/task": row.id },
    text: `The work goes on as a task. Call get_task with task_id "${row.id}" to see how far it is and to get its result, or cancel_task to end it.`,
  };
  const ending =
    tool.validateOutput === undefined ? textEnding(text, envelope, note) : structuredEnding(text, envelope, note);
  return { ...ending, outcome: "begun" };
}
