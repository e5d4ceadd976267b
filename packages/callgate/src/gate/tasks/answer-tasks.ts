import { rpcCode, rpcError } from "../../wire/rpc-error.ts";
import { type Ending, refused } from "../answers/ending.ts";
import { membersEnding } from "../answers/result-ending.ts";
import type { Call } from "../call/call.ts";
import { identify } from "../identify.ts";
import { leave, limitList } from "../limit.ts";
import { record } from "../record.ts";
import { answerTask } from "./answer-task.ts";
import { cancelTask } from "./cancel-task.ts";
import { knowsTasks, tasksUnsupported } from "./knows-tasks.ts";
import { ownTask } from "./own-task.ts";
import { detailedMembers } from "./task-view.ts";

/** The methods of the extension `io.modelcontextprotocol/tasks`. */
export const taskMethods: readonly string[] = ["tasks/get", "tasks/update", "tasks/cancel"];

/** Answers one of them, for the subject that began the task alone: to anybody else it is not there (SECURITY 19). */
export function answerTasks(call: Call): Promise<Ending> {
  return record(call, async () => {
    const refusal = (await identify(call)) ?? (await limitList(call));
    if (refusal !== undefined) return refusal;
    if (!knowsTasks(call)) return tasksUnsupported(call.exchange.method);
    return (await answer(call)) ?? unknown;
  }).finally(() => leave(call));
}

const unknown: Ending = refused(
  "unknown_task",
  rpcError(rpcCode.invalidParams, "Unknown task", { data: { code: "unknown_task" } }),
);

async function answer(call: Call): Promise<Ending | undefined> {
  const { gate, subject, exchange } = call;
  const row = await ownTask(gate, subject, String(exchange.params["taskId"]));
  if (row === undefined) return undefined;
  if (exchange.method === "tasks/get") return ending(detailedMembers(gate.tasks.board, row));
  if (exchange.method === "tasks/cancel") await cancelTask(gate, row, subject.id);
  else await answerTask(call, row);
  return ending("");
}

/** What the task gave stands on record where the task ended; here stands that somebody looked. */
function ending(members: string): Ending {
  return membersEnding(members, { value: undefined, resultText: undefined });
}
