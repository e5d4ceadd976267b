import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { keyColumns } from "../../keys/key-columns.ts";
import { allOrNothing } from "../database/all-or-nothing.ts";
import { RowConflict } from "../database/batch-transaction.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import type { Operation } from "../threads/batch.ts";

/** Performs a change of keys within the ledger's transaction; true where something was changed. */
export function createKeyChanges(database: DatabaseSync): (operation: Operation) => boolean {
  const insert = prepare(database, insertKey());
  const successorOf = prepare(database, selectSuccessor());
  const replace = prepare(database, updateReplaced());
  const revoke = prepare(database, updateRevoked());
  const touch = prepare(database, updateLastUsed());
  const grow = database.prepare("UPDATE key_version SET version = version + 1");

  const rotate = (predecessor: string, expiresAt: number, successor: readonly SQLInputValue[]): void => {
    const found = firstRow(successorOf, predecessor);
    if (found === undefined) throw new RowConflict(`there is no key ${predecessor}`);
    const [revokedAt, replacedBy] = found;
    if (revokedAt !== null) throw new RowConflict(`the key ${predecessor} is revoked`);
    if (replacedBy !== null) throw new RowConflict(`the key ${predecessor} has been replaced already`);
    allOrNothing(database, () => {
      insert.run(...successor);
      replace.run(predecessor, expiresAt, successor[0] ?? null);
    });
  };

  return (operation) => {
    // Made by key-store.ts alone: the name says what follows.
    const [name, ...values] = operation as readonly [string, ...SQLInputValue[]];
    switch (name) {
      case "key-insert":
        insert.run(...values);
        break;
      case "key-rotate":
        rotate(values[0] as string, values[1] as number, values.slice(2));
        break;
      case "key-revoke":
        if (revoke.run(...values).changes === 0) return false;
        break;
      case "key-touch":
        for (let index = 0; index < values.length; index += 2) touch.run(...values.slice(index, index + 2));
        return true;
      default:
        throw new Error(`no such operation: ${name}`);
    }
    grow.run();
    return true;
  };
}

function insertKey() {
  const values = Object.fromEntries(keyColumns.map((column, index) => [column, parameter(index + 1)]));
  // Every column is there: keyColumns names them all, and the types cannot see through fromEntries.
  return queries.insertInto("keys").values(values as never);
}

function selectSuccessor() {
  return queries.selectFrom("keys").select(["revoked_at", "replaced_by"]).where("id", "=", parameter<string>(1));
}

function updateReplaced() {
  return queries
    .updateTable("keys")
    .set({ expires_at: parameter<number>(2), replaced_by: parameter<string>(3) })
    .where("id", "=", parameter<string>(1));
}

function updateRevoked() {
  return queries
    .updateTable("keys")
    .set({ revoked_at: parameter<number>(2) })
    .where("id", "=", parameter<string>(1))
    .where("revoked_at", "is", null);
}

function updateLastUsed() {
  return queries
    .updateTable("keys")
    .set({ last_used_at: parameter<number>(2) })
    .where("id", "=", parameter<string>(1));
}
