import type { DatabaseSync } from "node:sqlite";
import { sql } from "../../kysely.ts";
import { type WriteValues, writeColumns, writeValue } from "../../ledger/write-columns.ts";
import { isReclaimed } from "../../ledger-rows.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import type { ClaimOperation, ClaimReply } from "./ledger-operations.ts";
import { createSelectWrite, keyHash } from "./select-write.ts";

/** Makes the row of a claim, or finds the one that it belongs to and takes it over where it was given up; within a transaction. */
export type ClaimWrite = (claim: ClaimOperation) => ClaimReply;

/** Prepares the claim's statements. */
export function createClaimWrite(database: DatabaseSync): ClaimWrite {
  const byKey = createSelectWrite(database);
  const newestOpen = prepare(database, selectNewestOpen());
  const newestDone = prepare(database, selectNewestDone());
  const takeOver = prepare(database, updateForTakeOver());
  const insert = prepare(database, insertClaimed());

  const make = (claim: ClaimOperation, key: string): ClaimReply => {
    const [, id, subject, tenant, tool, , , digest, contractHash, callId, owner, now, leaseUntil] = claim;
    const names = [id, subject, tenant, tool, key, keyHash(subject, tool, key), digest];
    insert.run(...names, owner, leaseUntil, callId, contractHash, now);
    return ["claimed", null];
  };
  const settleWith = (found: WriteValues, claim: ClaimOperation): ClaimReply => {
    if (!isReclaimed(writeValue(found, "state"))) return ["found", found];
    const [, , , , , , , , , callId, owner, now, leaseUntil] = claim;
    return ["claimed", firstRow(takeOver, writeValue(found, "id"), owner, callId, now, leaseUntil) ?? found];
  };
  const claimKeyed = (claim: ClaimOperation, key: string): ClaimReply => {
    const [, , subject, , tool, , , digest] = claim;
    const found = byKey(subject, tool, key);
    if (found === undefined) return make(claim, key);
    return writeValue(found, "digest") === digest ? settleWith(found, claim) : ["mismatch", found];
  };
  const claimKeyless = (claim: ClaimOperation): ClaimReply => {
    const [, , subject, , tool, , newKey, digest, , , , , , repeatSince] = claim;
    const open = firstRow(newestOpen, subject, tool, digest);
    if (open !== undefined) return ["found", open];
    const done = repeatSince === null ? undefined : firstRow(newestDone, subject, tool, digest, repeatSince);
    return done === undefined ? claimKeyed(claim, newKey) : ["repeat", done];
  };

  return (claim) => {
    const key = claim[5];
    return key === null ? claimKeyless(claim) : claimKeyed(claim, key);
  };
}

function selectEqual() {
  return queries
    .selectFrom("writes")
    .select(writeColumns)
    .where("subject", "=", parameter<string>(1))
    .where("tool", "=", parameter<string>(2))
    .where("digest", "=", parameter<string>(3));
}

function selectNewestOpen() {
  return selectEqual()
    .where("finished_at", "is", null)
    .orderBy("position", "desc")
    .limit((row) => row.lit(1));
}

function selectNewestDone() {
  return selectEqual()
    .where("state", "=", sql.lit("done"))
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
      finished_at: row.lit(null),
      sealed_outcome: row.lit(null),
      code: row.lit(null),
      note: row.lit(null),
    }))
    .where("id", "=", parameter<string>(1))
    .returning(writeColumns);
}

function insertClaimed() {
  return queries.insertInto("writes").values((row) => ({
    id: parameter<string>(1),
    subject: parameter<string>(2),
    tenant: parameter<string | null>(3),
    tool: parameter<string>(4),
    key: parameter<string>(5),
    key_hash: parameter<number>(6),
    digest: parameter<string>(7),
    state: sql.lit("claimed"),
    attempt: row.lit(1),
    owner: parameter<string>(8),
    lease_until: parameter<number>(9),
    call_id: parameter<string>(10),
    contract_hash: parameter<string>(11),
    created_at: parameter<number>(12),
    updated_at: parameter<number>(12),
  }));
}
