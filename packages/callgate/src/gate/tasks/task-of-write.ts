import { isMoving } from "../../ledger/write-waits.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { TaskRow } from "../../store/task-port.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import { ownTask } from "./own-task.ts";
import { heldByTask } from "./task-owner.ts";

/**
 * The task that is at this write, or will be; undefined where none is. One that is over has left the row behind: the store
 * could not take it back.
 */
export async function taskOfWrite(
  { gate, subject }: Call,
  tool: ServedTool,
  row: LedgerRow,
): Promise<TaskRow | undefined> {
  if (tool.long === undefined || !(isMoving(row) || row.state === "approved")) return undefined;
  const id = heldByTask(row);
  return id === undefined ? undefined : await ownTask(gate, subject, id);
}
