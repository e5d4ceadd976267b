import type { TaskRow } from "../../store/task-port.ts";
import type { GateParts } from "../parts.ts";
import { heldByTask } from "./task-owner.ts";

type Cancelling = Pick<GateParts, "tasks" | "ledger">;

/** Asks for the end of a task. One that nobody is at ends at once, and gives the row of its write back. */
export async function cancelTask(gate: Cancelling, { id }: TaskRow, by: string): Promise<TaskRow | undefined> {
  const row = await gate.tasks.board.cancel(id, by);
  if (row?.state === "cancelled") await giveWriteBack(gate, row);
  return row;
}

/** Nothing was done of a write whose task never ran: the same call may be made again. */
export async function giveWriteBack({ ledger }: Cancelling, { id, writeId }: TaskRow): Promise<void> {
  const write = writeId === undefined ? undefined : await ledger.get(writeId);
  if (write?.state === "claimed" && heldByTask(write) === id) await ledger.release(write, "call_cancelled");
}
