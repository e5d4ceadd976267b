import type { TaskError, TaskOutcome } from "../../tasks/task-board.ts";
import type { TaskRun } from "../../tasks/task-run.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import type { Ending } from "../answers/ending.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Call } from "../call/call.ts";
import { check } from "../check.ts";
import { guard } from "../guard.ts";
import type { GateParts } from "../parts.ts";
import { record } from "../record.ts";
import { run as runTool } from "../run.ts";
import { toolCalled } from "../served/menus.ts";
import { shape } from "../shape.ts";
import { continueWrite } from "../writes/continue-write.ts";
import { giveWriteBack } from "./cancel-task.ts";
import { callOfTask } from "./stored-call.ts";

/** A process that dies at each try would be tried for ever. */
const MOST_ATTEMPTS = 10;

/** Does the work of a task that this process has won, records how it ended, and ends the task by that. */
export async function performTask(gate: GateParts, run: TaskRun): Promise<void> {
  const call = callOfTask(gate, run);
  const ending = await record(call, () => pass(call, run));
  await settle(call, run, ending);
}

/** What is left of a call's way: it is seen, checked and guarded anew, for much may have changed since it came. */
async function pass(call: Call, run: TaskRun): Promise<Ending> {
  const { gate, subject, exchange } = call;
  await refuseRevoked(call);
  const tool = toolCalled(gate.menus.of(subject, exchange.endpoint), run.row.tool);
  if (tool === undefined) throw gateError("unknown_tool", `${run.row.tool} is no longer there for this caller.`);
  call.served = tool;
  const { writeId } = run.row;
  if (run.isRerun && writeId === undefined && (tool.long?.retry === "never" || run.row.attempt > MOST_ATTEMPTS)) {
    throw gateError("interrupted", `The process that was at ${tool.name} ended; it is not begun again.`, {
      next: `Call ${tool.name} again if you still need it.`,
    });
  }
  await check(call);
  await guard(call);
  if (writeId !== undefined) return continueWrite(call, tool, writeId);
  const result = await runTool(call);
  call.mark("run");
  const ending = await shape(call, result);
  call.mark("shape");
  return ending;
}

/** Work that waited, or begins again, is not done for a key that was revoked meanwhile. */
async function refuseRevoked({ gate, subject }: Call): Promise<void> {
  const key = subject.caller === undefined ? undefined : await gate.store.keys.byId(subject.caller);
  if (key?.revokedAt === undefined || key.revokedAt > gate.clock()) return;
  throw gateError("credential_ended", "The key that this was begun with has been revoked.");
}

/** What the ending of the work is to the task. */
async function settle(call: Call, run: TaskRun, ending: Ending): Promise<void> {
  const { stopped } = run;
  const gaveUp = ending.code === "call_cancelled" || ending.code === "outcome_unknown";
  if (stopped === "lost") return;
  if (stopped === "handed-over" && gaveUp) return void (await run.handOver());
  if (call.asked !== undefined) {
    const { round = 0 } = call.gate.tasks.board.inputOf(run.row) ?? {};
    const asked = Object.entries(call.asked.requests).map(([name, request]) => [`${round + 1}.${name}`, request]);
    return void (await run.ask({
      round: round + 1,
      asked: Object.fromEntries(asked),
      answered: {},
      state: call.asked.state,
    }));
  }
  if (stopped === "cancelled" && ending.code === "call_cancelled") {
    await run.end("cancelled", undefined, ending.code);
    return giveWriteBack(call.gate, run.row);
  }
  const outcome = outcomeOf(ending);
  const ended = await run.end(outcome.error === undefined ? "completed" : "failed", outcome, ending.code);
  if (!ended) call.gate.log.warn("a task ended here after another process had taken it up", { task: run.row.id });
}

/** A no of the tool is a result; what broke, and what the client has to mend, is an error of the task. */
function outcomeOf({ answer, category, message, error }: Ending): TaskOutcome {
  if (answer.kind === "error") {
    const { code, message: words, data } = answer;
    const text = JSON.stringify({ error: { message: words, ...data } });
    const members = `"content":[{"type":"text","text":${JSON.stringify(text)}}],"isError":true`;
    return { members, meta: undefined, error: { code, message: words, data } };
  }
  const { members, meta } = answer;
  const broke: TaskError | undefined =
    category === "system"
      ? { code: rpcCode.internal, message: message ?? "The task broke.", data: { code: error?.code } }
      : undefined;
  return { members, meta, error: broke };
}
