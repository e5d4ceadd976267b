import type { LedgerRow } from "../../store/ledger-port.ts";
import type { TaskRow } from "../../store/task-port.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import { beginTask } from "./begin-task.ts";
import { ownerOfTask } from "./task-owner.ts";

/**
 * Stage 10 for a write whose work is long, once it is planned and approved: its row stays claimed, or approved, for the task until a
 * process takes that up. Whoever sends the same write meanwhile comes upon the row, and so upon the task.
 */
export async function beginWrite(call: Call, tool: ServedTool, row: LedgerRow): Promise<TaskRow> {
  call.writeId = row.id;
  const task = await beginTask(call, tool);
  // Where that is undefined, somebody has taken the task up already, and the row with it.
  if (row.state !== "unknown") {
    await call.gate.ledger.hold(row, { owner: ownerOfTask(task.id), leaseUntil: task.expiresAt });
  }
  return task;
}
