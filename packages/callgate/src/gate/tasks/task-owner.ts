import type { LedgerRow } from "../../store/ledger-port.ts";

const PREFIX = "task:";

/** Who holds the row of a write whose work is long: no process, for any may do it, but the task. */
export function ownerOfTask(id: string): string {
  return `${PREFIX}${id}`;
}

/** The task that holds the row; undefined where a process does. */
export function heldByTask({ owner }: LedgerRow): string | undefined {
  return owner.startsWith(PREFIX) ? owner.slice(PREFIX.length) : undefined;
}
