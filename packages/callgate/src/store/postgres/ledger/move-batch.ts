import type { LedgerRow, Move } from "../../ledger-port.ts";
import { isOpen } from "../../ledger-rows.ts";
import type { Settled } from "../database/batch-queue.ts";
import type { Connections } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

/** A move with the row that it leads to, and the name of this one attempt to make it. */
export interface NamedMove {
  readonly move: Move;
  readonly after: LedgerRow;
  readonly movedBy: string;
}

/** Makes moves in one transaction; gives, in the order of the moves, whether each took place. */
export async function moveBatch(
  connections: Connections,
  moves: readonly NamedMove[],
): Promise<readonly Settled<boolean>[]> {
  const given = JSON.stringify(moves.map(toChange));
  const text = "SELECT move_writes($1)";
  const rows = await persist(() => connections.run({ name: "move-writes", text, values: [given] }));
  const moved = new Set(rows.map(([number]) => Number(number)));
  return moves.map((_, number) => ({ value: moved.has(number) }));
}

/** What changes: an open row's state, or its end with the outcome, or what has to be decided of it. */
function toChange({ move, after, movedBy }: NamedMove, number: number): Readonly<Record<string, unknown>> {
  const { row, from, approval } = move;
  const changes = approval !== undefined ? "approval" : isOpen(after.state) ? "advance" : "finish";
  return {
    number,
    changes,
    id: row.id,
    subject: row.subject,
    tool: row.tool,
    key: row.key,
    attempt: row.attempt,
    from_state: from[0],
    or_from: from[1] ?? from[0],
    state: after.state,
    now: after.updatedAt,
    lease_until: after.leaseUntil,
    code: after.code,
    moved_by: movedBy,
    new_attempt: after.attempt,
    owner: after.owner,
    call_id: after.callId,
    finished_at: after.finishedAt,
    ...(changes === "finish" && {
      outcome: base64(after.sealedOutcome),
      settled_by: after.settledBy,
      note: after.note,
    }),
    ...(approval !== undefined && {
      approval_before: row.approval === undefined ? undefined : JSON.stringify(row.approval),
      approval: JSON.stringify(approval),
      approval_id: approval.id,
      request: base64(move.sealedRequest),
    }),
  };
}

function base64(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("base64");
}
