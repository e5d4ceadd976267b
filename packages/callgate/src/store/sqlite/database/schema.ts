import type { Generated } from "kysely";
import type { AuditRowsTable } from "../../audit/row-columns.ts";
import type { GraduationsTable, SmokeProofsTable } from "../../graduation/graduation-columns.ts";
import type { KeysTable } from "../../keys/key-columns.ts";
import type { WritesTable } from "../../ledger/write-columns.ts";
import type { TasksTable } from "../../task-columns.ts";
import type { TokensTable } from "../../token-columns.ts";

/** The table `signals` of gate.db: the newest ones, for the other processes on the file. */
export interface SignalsTable {
  position: Generated<number>;
  /** The opening of the store that published it. */
  origin: string;
  body: string;
}

/** The table `ring_keys` of gate.db: keys that gates have sealed with, by their ids, the newest last. */
export interface RingKeysTable {
  position: Generated<number>;
  id: string;
  at: number;
}

/** Where a segment is: taking rows, full, having its indexes built, done, or dropped by retention. */
export type SegmentState = "open" | "full" | "sealing" | "sealed" | "dropped";

/** The table `segments` of index.db. */
export interface SegmentsTable {
  number: number;
  state: SegmentState;
  row_count: Generated<number>;
  from_at: number | null;
  until_at: number | null;
  /** Rows up to this position are in the text index. */
  text_rows: Generated<number>;
  sealer_until: Generated<number>;
}

/** The table `segment_writers` of index.db: where each writer's chain stood at the end of a sealed segment, signed. */
export interface SegmentWritersTable {
  segment: number;
  writer: string;
  first_ordinal: number;
  last_ordinal: number;
  last_hash: string;
  signature: string;
}

/** The table `blocks` of a sealed segment: the times of each run of rows, so that a time range becomes positions. */
export interface BlocksTable {
  first_position: number;
  last_position: number;
  from_at: number;
  until_at: number;
}

/** The full-text table of a text index; its rows have the positions of the segment's. */
export interface WordsTable {
  rowid: number;
  body: string;
}

/** Every table, by name. */
export interface Tables {
  writes: WritesTable;
  keys: KeysTable;
  key_version: { version: number };
  signals: SignalsTable;
  ring_keys: RingKeysTable;
  processes: { owner: string; heard_at: number };
  smoke_proofs: SmokeProofsTable;
  graduations: GraduationsTable;
  tasks: TasksTable;
  upstream_tokens: TokensTable;
  rows: AuditRowsTable;
  blocks: BlocksTable;
  words: WordsTable;
  segments: SegmentsTable;
  segment_writers: SegmentWritersTable;
}
