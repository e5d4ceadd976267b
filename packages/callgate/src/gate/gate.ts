import type { MaybePromise } from "../define/maybe-promise.ts";
import type { Ending } from "./answers/ending.ts";
import { takeState } from "./ask-client.ts";
import type { Call } from "./call/call.ts";
import { check } from "./check.ts";
import { completeValues } from "./complete-values.ts";
import { guard } from "./guard.ts";
import { identify } from "./identify.ts";
import { leave, limit } from "./limit.ts";
import { once } from "./once.ts";
import { preview } from "./preview.ts";
import { record } from "./record.ts";
import { run } from "./run.ts";
import { see } from "./see.ts";
import { shape } from "./shape.ts";
import { beginRead } from "./tasks/begin-task.ts";
import { knowsTasks, tasksUnsupported } from "./tasks/knows-tasks.ts";

/** The way of a call, whatever it calls and however it came, stage by stage. Never throws. */
export function passGate(call: Call): Promise<Ending> {
  return record(call, passStages);
}

async function passStages(call: Call): Promise<Ending> {
  try {
    const refusal = await identify(call);
    if (refusal !== undefined) return refusal;
    call.mark("identify");
    const limited = await (see(call) ?? limit(call));
    if (limited !== undefined) return limited;
    call.gate.at?.("received");
    call.mark("limit");
    if (call.exchange.method === "completion/complete") return await completeValues(call);
    await check(call);
    call.mark("check");
    await guard(call);
    call.mark("guard");
    return takeState(call) ?? (await perform(call));
  } finally {
    leave(call);
  }
}

function perform(call: Call): MaybePromise<Ending> {
  const { served } = call;
  if (call.longRules?.clients === "with_tasks" && !knowsTasks(call)) return tasksUnsupported(served.name);
  if (served.kind !== "tool" || served.declaration.effect === "read") {
    return served.kind === "tool" && call.longRules !== undefined ? beginRead(call, served) : read(call);
  }
  return call.own.dryRun ? preview(call, served) : once(call, served);
}

async function read(call: Call): Promise<Ending> {
  const result = await run(call);
  call.mark("run");
  const ending = await shape(call, result);
  call.mark("shape");
  return ending;
}
