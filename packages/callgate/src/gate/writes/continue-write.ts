import type { LedgerRow } from "../../store/ledger-port.ts";
import { isOpenTask } from "../../tasks/task-board.ts";
import type { Ending } from "../answers/ending.ts";
import { gateError } from "../answers/gate-error.ts";
import { approvalDenied } from "../approvals/seek-approval.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import { heldByTask } from "../tasks/task-owner.ts";
import { recordCutOff } from "./recover.ts";
import { replay } from "./replay.ts";
import { performWrite, resumeUnknown } from "./write.ts";

/**
 * The write of a task, from wherever it stands in the ledger. Who has won the task is the only one at it: a row that says
 * it is running was left so by an attempt that died, and whether it took place is found out as for any write.
 */
export async function continueWrite(call: Call, tool: ServedTool, writeId: string): Promise<Ending> {
  const row = await call.gate.ledger.get(writeId);
  if (row === undefined) throw givenUp(tool);
  call.writeId = row.id;
  call.writeKey = row.key;
  // Undefined: the row has moved meanwhile, and where it stands now says how to go on.
  return (await goOn(call, tool, row)) ?? continueWrite(call, tool, writeId);
}

async function goOn(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending | undefined> {
  switch (row.state) {
    // By an attempt that may have died before it was recorded.
    case "done":
    case "failed":
      await recordCutOff(call.gate, [row]);
      return replay(call, tool, row);
    case "unknown":
      await recordCutOff(call.gate, [row]);
      return resumeUnknown(call, tool, row);
    case "denied":
      throw approvalDenied(tool, row);
    case "released":
      // By an earlier attempt at this very task; what a process has given back is for those who look after it.
      if (heldByTask(row) === call.task?.row.id) await recordCutOff(call.gate, [row]);
      throw givenUp(tool);
    case "expired":
    case "withdrawn":
      throw givenUp(tool);
    case "awaiting":
      throw changed(tool, row);
    case "claimed":
    case "approved":
      if (await isOfAnother(call, row)) throw givenUp(tool);
      return performWrite(call, tool, row);
    case "running":
      return afterRunning(call, tool, row);
  }
}

/** Left so by an earlier attempt at this task; or another call has found it open, and is at it. */
async function afterRunning(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending | undefined> {
  const { ledger } = call.gate;
  if (heldByTask(row) === call.task?.row.id || ledger.isAbandoned(row)) {
    const doubtful = await ledger.doubt(row, "interrupted");
    if (doubtful === undefined) return undefined;
    await recordCutOff(call.gate, [doubtful]);
    return resumeUnknown(call, tool, doubtful);
  }
  await ledger.waits.whenSettled(row, call.deadline);
  return undefined;
}

async function isOfAnother({ gate, task: run }: Call, row: LedgerRow): Promise<boolean> {
  const id = heldByTask(row);
  if (id === undefined || id === run?.row.id) return false;
  const task = await gate.tasks.board.get(id);
  return task !== undefined && isOpenTask(task);
}

/** The row was given back before the work began, and another call may have it by now. */
function givenUp(tool: ServedTool): Error {
  return gateError("interrupted", `${tool.name} was given up before anything was done.`, {
    next: "Call it again with the same idempotency_key.",
    retry: "same_key",
  });
}

/** What was approved is no longer what would happen: whoever decides sees it, and the same call goes on after that. */
function changed(tool: ServedTool, row: LedgerRow): Error {
  return gateError(
    "approval_pending",
    `What ${tool.name} would do has changed since it was approved; nothing was done.`,
    {
      next: `Once somebody has decided, call again with idempotency_key "${row.key}".`,
      retry: "same_key",
      details: { idempotency_key: row.key, ...(row.approval !== undefined && { approval_id: row.approval.id }) },
    },
  );
}
