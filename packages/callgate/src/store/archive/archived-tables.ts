import { recordColumns } from "../audit/row-columns.ts";
import { graduatedColumns, proofColumns } from "../graduation/graduation-columns.ts";
import { keyColumns } from "../keys/key-columns.ts";
import { writeColumns } from "../ledger/write-columns.ts";
import { taskColumns } from "../task-columns.ts";
import { tokenColumns } from "../token-columns.ts";

/** A value of an archive: what JSON has, and bytes. */
export type ArchiveValue = string | number | boolean | null | Uint8Array;

export type PlainTable = "ring_keys" | "keys" | "writes" | "smoke_proofs" | "graduations" | "tasks" | "upstream_tokens";

export type ArchivedTable = PlainTable | "audit_drops" | "audit_rows" | "audit_heads";

/** Rows of one table, values in the order of its columns. */
export interface ArchiveBatch {
  readonly table: ArchivedTable;
  readonly rows: readonly (readonly ArchiveValue[])[];
}

/**
 * Every table that an archive holds, with its columns, in the order in which they are written and read. What lives for
 * moments is left out: signals, processes, and versions that only grow.
 */
export const archivedTables: Readonly<Record<ArchivedTable, readonly string[]>> = {
  ring_keys: ["id", "at"],
  keys: keyColumns,
  writes: [...writeColumns, "approval_id"],
  smoke_proofs: proofColumns,
  graduations: graduatedColumns,
  tasks: taskColumns,
  upstream_tokens: tokenColumns,
  /** Where chains stood at the end of segments that retention has dropped. */
  audit_drops: ["segment", "writer", "first_ordinal", "last_ordinal", "last_hash", "until_at", "signature"],
  audit_rows: recordColumns.filter((column) => column !== "position"),
  audit_heads: ["writer", "ordinal", "hash", "at", "signature"],
};

/** Tables that both kinds of store have under the same names, with the column that gives their order. */
export const plainTables: Readonly<Record<PlainTable, string>> = {
  ring_keys: "position",
  keys: "id",
  writes: "position",
  smoke_proofs: "position",
  graduations: "domain, tool, contract_hash",
  tasks: "id",
  upstream_tokens: "name",
};

export function isPlain(table: ArchivedTable): table is PlainTable {
  return table in plainTables;
}
