import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { graduationColumns, proofColumns } from "../../graduation/graduation-columns.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import type { Operation } from "../threads/batch.ts";

/** Performs a change of proofs or graduations within the ledger's transaction; true where something was changed. */
export function createGraduationChanges(database: DatabaseSync): (operation: Operation) => boolean {
  const insert = prepare(database, insertProof());
  const graduate = prepare(database, upsertGraduation());
  const withdraw = prepare(database, updateWithdrawn());
  const grow = database.prepare("UPDATE graduation_version SET version = version + 1");
  const statements = new Map([
    ["smoke-proof", insert],
    ["graduate", graduate],
    ["withdraw", withdraw],
  ]);

  return (operation) => {
    // Made by graduation-store.ts alone: the name says what follows.
    const [name, ...values] = operation as readonly [string, ...SQLInputValue[]];
    const statement = statements.get(name);
    if (statement === undefined) throw new Error(`no such operation: ${name}`);
    if (statement.run(...values).changes === 0) return false;
    grow.run();
    return true;
  };
}

function insertProof() {
  return queries
    .insertInto("smoke_proofs")
    .values(numbered(proofColumns) as never)
    .onConflict((conflict) => conflict.column("id").doNothing());
}

function upsertGraduation() {
  return queries
    .insertInto("graduations")
    .values(numbered(graduationColumns) as never)
    .onConflict((conflict) =>
      conflict.columns(["domain", "tool", "contract_hash"]).doUpdateSet((row) => ({
        proof_id: row.ref("excluded.proof_id"),
        at: row.ref("excluded.at"),
        by: row.ref("excluded.by"),
        withdrawn_at: null,
        withdrawn_by: null,
      })),
    );
}

function updateWithdrawn() {
  return queries
    .updateTable("graduations")
    .set({ withdrawn_at: parameter<number>(2), withdrawn_by: parameter<string>(3) })
    .where("tool", "=", parameter<string>(1))
    .where("withdrawn_at", "is", null);
}

/** Every column that has no default is there, and the types cannot see through fromEntries. */
function numbered(columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column, index) => [column, parameter(index + 1)]));
}
