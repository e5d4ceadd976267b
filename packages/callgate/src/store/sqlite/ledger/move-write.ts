import type { DatabaseSync } from "node:sqlite";
import { type Compilable, type Expression, sql } from "kysely";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import type { MoveOperation } from "./ledger-operations.ts";
import { type WriteValues, writeColumns, writeValue } from "./write-columns.ts";

/** Moves a row on where it still has the attempt and one of the states; null where it has not. */
export type MoveWrite = (move: MoveOperation) => WriteValues | null;

/** Prepares the move's statements. */
export function createMoveWrite(database: DatabaseSync): MoveWrite {
  const byId = prepare(database, selectWriteById());
  const update = prepare(database, updateMoved());
  return (move) => {
    const [, id, attempt, from, to, now, leaseUntil, expiresAt, plan, outcome, code, settledBy, note, owner, callId] =
      move;
    const found = firstRow(byId, id);
    if (found === undefined || writeValue(found, "attempt") !== attempt) return null;
    if (!from.includes(writeValue(found, "state"))) return null;
    const finishedAt = to === "done" || to === "failed" ? now : null;
    const grown = owner === null ? 0 : 1;
    const kept = [leaseUntil, expiresAt, plan, outcome, code, settledBy, note, owner, callId, finishedAt];
    return firstRow(update, id, to, now, grown, ...kept) ?? null;
  };
}

/** The query for one write by its id. */
export function selectWriteById(): Compilable {
  return queries.selectFrom("writes").select(writeColumns).where("id", "=", parameter<string>(1));
}

function updateMoved() {
  const orKept = <Value>(number: number, column: Expression<Value>) =>
    sql<Value>`coalesce(${parameter(number)}, ${column})`;
  return queries
    .updateTable("writes")
    .set((row) => ({
      state: parameter<"done">(2),
      updated_at: parameter<number>(3),
      attempt: row("attempt", "+", parameter<number>(4)),
      lease_until: orKept(5, row.ref("lease_until")),
      expires_at: orKept(6, row.ref("expires_at")),
      sealed_plan: orKept(7, row.ref("sealed_plan")),
      sealed_outcome: orKept(8, row.ref("sealed_outcome")),
      code: orKept(9, row.ref("code")),
      settled_by: orKept(10, row.ref("settled_by")),
      note: orKept(11, row.ref("note")),
      owner: orKept(12, row.ref("owner")),
      call_id: orKept(13, row.ref("call_id")),
      finished_at: orKept(14, row.ref("finished_at")),
    }))
    .where("id", "=", parameter<string>(1))
    .returning(writeColumns);
}
