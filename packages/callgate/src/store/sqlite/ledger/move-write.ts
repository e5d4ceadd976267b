import type { DatabaseSync } from "node:sqlite";
import type { Compilable, UpdateQueryBuilder, UpdateResult } from "kysely";
import { sql } from "../../kysely.ts";
import type { WritesTable } from "../../ledger/write-columns.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import type { Tables } from "../database/schema.ts";
import type { AdvanceOperation, ApprovalOperation, FinishOperation } from "./ledger-operations.ts";

/** Moves a row on where it still has the attempt and one of the states; whether it had. */
export type MoveWrite = (move: AdvanceOperation | ApprovalOperation | FinishOperation) => boolean;

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
  const approval = prepare(database, updateApproval());
  const statements = { advance, finish, approval };
  return (move) => {
    const [name, ...values] = move;
    return statements[name].run(...values).changes === 1;
  };
}

/** The columns of an advance, the end where there is one, and the approval where it is still the one before. */
function updateApproval(): Compilable {
  const columns = ["state", "updated_at", "lease_until", "code", "attempt", "owner", "call_id", "finished_at"] as const;
  return updateRow(columns)
    .set({
      approval: parameter<string>(14),
      approval_id: parameter<string>(15),
      sealed_request: sql`coalesce(${parameter<Uint8Array | null>(16)}, sealed_request)`,
    })
    .where("approval", "is", parameter<null>(13));
}

/** Sets the columns to the operation's values in their order, after the four that say which row may be moved. */
function updateRow(
  columns: readonly (keyof WritesTable)[],
): UpdateQueryBuilder<Tables, "writes", "writes", UpdateResult> {
  return queries
    .updateTable("writes")
    .set(Object.fromEntries(columns.map((column, index) => [column, parameter(index + 5)])))
    .where("id", "=", parameter<string>(1))
    .where("attempt", "=", parameter<number>(2))
    .where("state", "in", [parameter<"claimed">(3), parameter<"claimed">(4)]);
}
