import { isMoving } from "../../ledger/write-ledger.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { TaskRow } from "../../store/task-port.ts";
import { isOpenTask } from "../../tasks/task-board.ts";
import type { Call } from "../call.ts";
import type { ServedTool } from "../served.ts";
import { ownTask } from "./own-task.ts";
import { heldByTask } from "./task-owner.ts";

/** More than one subject has under way of one tool, as a rule; beyond them the write is said to be running. */
const MOST_LOOKED_AT = 20;

/** The open task that is at this write, or will be; undefined where none is. */
export async function taskOfWrite(
  { gate, subject }: Call,
  tool: ServedTool,
  row: LedgerRow,
): Promise<TaskRow | undefined> {
  if (tool.long === undefined || !(isMoving(row) || row.state === "approved")) return undefined;
  const id = heldByTask(row);
  if (id !== undefined) {
    const task = await ownTask(gate, subject, id);
    return task !== undefined && isOpenTask(task) ? task : undefined;
  }
  if (row.state !== "running") return undefined;
  // What runs under an approval is held by the process that has spent it.
  const wanted = { subject: subject.id, tool: tool.name, state: "working", limit: MOST_LOOKED_AT } as const;
  const { rows } = await gate.store.tasks.list(wanted);
  return rows.find(({ writeId }) => writeId === row.id);
}
