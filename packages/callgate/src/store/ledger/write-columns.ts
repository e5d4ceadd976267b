import type { SQLOutputValue } from "node:sqlite";
import type { Generated } from "kysely";
import type { LedgerRow, RowApproval, WriteState } from "../ledger-port.ts";

/** The table `writes`: one row a write. */
export interface WritesTable {
  position: Generated<number>;
  id: string;
  subject: string;
  tenant: string | null;
  tool: string;
  key: string;
  key_hash: number;
  digest: string;
  state: WriteState;
  attempt: number;
  owner: string;
  lease_until: number;
  call_id: string;
  contract_hash: string;
  created_at: number;
  updated_at: number;
  finished_at: number | null;
  sealed_outcome: Uint8Array | null;
  code: string | null;
  settled_by: string | null;
  note: string | null;
  approval_id: string | null;
  /** JSON of the row's approval. */
  approval: string | null;
  sealed_request: Uint8Array | null;
}

/** The columns of a write in the order in which rows travel between threads. */
export const writeColumns = [
  "id",
  "subject",
  "tenant",
  "tool",
  "key",
  "digest",
  "state",
  "attempt",
  "owner",
  "lease_until",
  "call_id",
  "contract_hash",
  "created_at",
  "updated_at",
  "finished_at",
  "sealed_outcome",
  "code",
  "settled_by",
  "note",
  "approval",
  "sealed_request",
] as const;

/** Columns that a list leaves empty: of one row they may be a megabyte, and nobody reads them of a hundred. */
export const sealedColumns = ["sealed_outcome", "sealed_request"] as const;

/** A write as it comes out of the database. */
export type WriteValues = readonly SQLOutputValue[];

/** Reads one column of a write. */
export function writeValue<Column extends (typeof writeColumns)[number]>(
  values: WriteValues,
  column: Column,
): WritesTable[Column] {
  // The table's schema is strict: the column holds its declared type.
  return values[writeColumns.indexOf(column)] as WritesTable[Column];
}

/** The row that the port speaks of. */
export function toLedgerRow(values: WriteValues): LedgerRow {
  return {
    id: writeValue(values, "id"),
    subject: writeValue(values, "subject"),
    tenant: writeValue(values, "tenant") ?? undefined,
    tool: writeValue(values, "tool"),
    key: writeValue(values, "key"),
    digest: writeValue(values, "digest"),
    state: writeValue(values, "state"),
    attempt: writeValue(values, "attempt"),
    owner: writeValue(values, "owner"),
    leaseUntil: writeValue(values, "lease_until"),
    callId: writeValue(values, "call_id"),
    contractHash: writeValue(values, "contract_hash"),
    createdAt: writeValue(values, "created_at"),
    updatedAt: writeValue(values, "updated_at"),
    finishedAt: writeValue(values, "finished_at") ?? undefined,
    sealedOutcome: writeValue(values, "sealed_outcome") ?? undefined,
    code: writeValue(values, "code") ?? undefined,
    settledBy: writeValue(values, "settled_by") ?? undefined,
    note: writeValue(values, "note") ?? undefined,
    approval: toApproval(writeValue(values, "approval")),
    sealedRequest: writeValue(values, "sealed_request") ?? undefined,
  };
}

function toApproval(text: string | null): RowApproval | undefined {
  // Written by this store alone, as JSON of exactly that.
  return text === null ? undefined : (JSON.parse(text) as RowApproval);
}
