import type { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { OPEN_STATES } from "../../ledger-port.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import type { ClaimOperation, ClaimReply } from "./ledger-operations.ts";
import { type WriteValues, writeColumns, writeValue } from "./write-columns.ts";

/** Finds the row that a claim belongs to, takes it over where its holder is gone, or makes it; within a transaction. */
export type ClaimWrite = (claim: ClaimOperation) => ClaimReply;

/** Prepares the claim's statements. */
export function createClaimWrite(database: DatabaseSync): ClaimWrite {
  const byKey = prepare(database, selectByKey());
  const newestOpen = prepare(database, selectNewestOpen());
  const newestDone = prepare(database, selectNewestDone());
  const takeOver = prepare(database, updateForTakeOver());
  const insert = prepare(database, insertClaimed());

  const settleWith = (found: WriteValues, claim: ClaimOperation): ClaimReply => {
    const [, , , , , , , , callId, owner, now, leaseUntil, expiresAt] = claim;
    const state = writeValue(found, "state");
    const mayTake = state === "released" || (state === "claimed" && writeValue(found, "lease_until") < now);
    if (!mayTake) return ["found", found];
    const taken = firstRow(takeOver, writeValue(found, "id"), owner, callId, now, leaseUntil, expiresAt);
    return ["claimed", taken ?? found];
  };
  const claimNew = (claim: ClaimOperation): ClaimReply => {
    const [, id, subject, tool, key, newKey, digest, contractHash, callId, owner, now, leaseUntil, expiresAt] = claim;
    const values = [id, subject, tool, key ?? newKey, digest, owner, leaseUntil, callId, contractHash, now, expiresAt];
    const made = firstRow(insert, ...values);
    if (made === undefined) throw new Error("an insert answered without its row");
    return ["claimed", made];
  };

  return (claim) => {
    const [, , subject, tool, key, , digest, , , , , , , repeatSince] = claim;
    if (key !== null) {
      const found = firstRow(byKey, subject, tool, key);
      if (found === undefined) return claimNew(claim);
      return writeValue(found, "digest") === digest ? settleWith(found, claim) : ["mismatch", found];
    }
    const open = firstRow(newestOpen, subject, tool, digest);
    if (open !== undefined) return settleWith(open, claim);
    const done = repeatSince === null ? undefined : firstRow(newestDone, subject, tool, digest, repeatSince);
    return done === undefined ? claimNew(claim) : ["repeat", done];
  };
}

function selectByKey() {
  return queries
    .selectFrom("writes")
    .select(writeColumns)
    .where("subject", "=", parameter<string>(1))
    .where("tool", "=", parameter<string>(2))
    .where("key", "=", parameter<string>(3));
}

function selectEqual() {
  return queries
    .selectFrom("writes")
    .select(writeColumns)
    .where("subject", "=", parameter<string>(1))
    .where("tool", "=", parameter<string>(2))
    .where("digest", "=", parameter<string>(3));
}

// The states stand in the text, not in parameters: only then does SQLite know that the partial index fits.
function selectNewestOpen() {
  return selectEqual()
    .where((row) =>
      row(
        "state",
        "in",
        OPEN_STATES.map((state) => sql.lit(state)),
      ),
    )
    .orderBy("position", "desc")
    .limit((row) => row.lit(1));
}

function selectNewestDone() {
  return selectEqual()
    .where((row) => row("state", "=", sql.lit("done")))
    .where("finished_at", ">=", parameter<number>(4))
    .orderBy("finished_at", "desc")
    .orderBy("position", "desc")
    .limit((row) => row.lit(1));
}

function updateForTakeOver() {
  return queries
    .updateTable("writes")
    .set((row) => ({
      attempt: row("attempt", "+", row.lit(1)),
      state: sql.lit("claimed"),
      owner: parameter<string>(2),
      call_id: parameter<string>(3),
      updated_at: parameter<number>(4),
      lease_until: parameter<number>(5),
      expires_at: parameter<number>(6),
      finished_at: row.lit(null),
      sealed_plan: row.lit(null),
      sealed_outcome: row.lit(null),
      code: row.lit(null),
      note: row.lit(null),
    }))
    .where("id", "=", parameter<string>(1))
    .returning(writeColumns);
}

function insertClaimed() {
  return queries
    .insertInto("writes")
    .values((row) => ({
      id: parameter<string>(1),
      subject: parameter<string>(2),
      tool: parameter<string>(3),
      key: parameter<string>(4),
      digest: parameter<string>(5),
      state: sql.lit("claimed"),
      attempt: row.lit(1),
      owner: parameter<string>(6),
      lease_until: parameter<number>(7),
      call_id: parameter<string>(8),
      contract_hash: parameter<string>(9),
      created_at: parameter<number>(10),
      updated_at: parameter<number>(10),
      expires_at: parameter<number>(11),
    }))
    .returning(writeColumns);
}
