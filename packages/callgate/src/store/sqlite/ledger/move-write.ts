import type { DatabaseSync } from "node:sqlite";
import type { Compilable } from "kysely";
import { parameter, prepare, queries } from "../database/queries.ts";
import type { WritesTable } from "../database/schema.ts";
import type { AdvanceOperation, FinishOperation } from "./ledger-operations.ts";

/** Moves a row on where it still has the attempt and one of the states; whether it had. */
export type MoveWrite = (move: AdvanceOperation | FinishOperation) => boolean;

/** Prepares the moves' statements. A row that stays open keeps its places in the indexes. */
export function createMoveWrite(database: DatabaseSync): MoveWrite {
  const advance = prepare(
    database,
    updateRow(["state", "updated_at", "lease_until", "code", "attempt", "owner", "call_id"]),
  );
  const finish = prepare(
    database,
    updateRow(["state", "updated_at", "lease_until", "code", "finished_at", "sealed_outcome", "settled_by", "note"]),
  );
  return (move) => {
    const [name, ...values] = move;
    return (name === "advance" ? advance : finish).run(...values).changes === 1;
  };
}

/** Sets the columns to the operation's values in their order, after the four that say which row may be moved. */
function updateRow(columns: readonly (keyof WritesTable)[]): Compilable {
  return queries
    .updateTable("writes")
    .set(Object.fromEntries(columns.map((column, index) => [column, parameter(index + 5)])))
    .where("id", "=", parameter<string>(1))
    .where("attempt", "=", parameter<number>(2))
    .where("state", "in", [parameter<"claimed">(3), parameter<"claimed">(4)]);
}
