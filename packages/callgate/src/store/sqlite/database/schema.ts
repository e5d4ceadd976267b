import type { Generated } from "kysely";
import type { AuditKind, AuditOutcome } from "../../audit-port.ts";
import type { KeyKind } from "../../key-port.ts";
import type { WriteState } from "../../ledger-port.ts";
import type { TasksTable } from "../../task-columns.ts";

/** The table `writes` of gate.db: one row a write. */
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

/** The table `keys` of gate.db; lists and attributes are JSON texts. */
export interface KeysTable {
  id: string;
  hash: string;
  kind: KeyKind;
  name: string;
  user: string | null;
  tenant: string | null;
  role: string | null;
  scopes: string;
  domains: string | null;
  attributes: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  replaced_by: string | null;
  write_key: string | null;
}

/** The table `signals` of gate.db: the newest ones, for the other processes on the file. */
export interface SignalsTable {
  position: Generated<number>;
  /** The opening of the store that published it. */
  origin: string;
  body: string;
}

/** The table `smoke_proofs` of gate.db, `position` in the order of their coming; the outcomes are a JSON text. */
export interface SmokeProofsTable {
  position: Generated<number>;
  id: string;
  domain: string;
  contract_hash: string;
  at: number;
  by: string;
  gate_version: string;
  passed: number;
  outcomes: string;
}

/** The table `graduations` of gate.db: a write tool under one contract. */
export interface GraduationsTable {
  domain: string;
  tool: string;
  contract_hash: string;
  proof_id: string;
  at: number;
  by: string;
  withdrawn_at: number | null;
  withdrawn_by: string | null;
}

/** The table `ring_keys` of gate.db: keys that gates have sealed with, by their ids, the newest last. */
export interface RingKeysTable {
  position: Generated<number>;
  id: string;
  at: number;
}

/** The table `rows` of a segment: one row an audit row, `position` in the order of recording. */
export interface AuditRowsTable {
  position: Generated<number>;
  at: number;
  kind: AuditKind;
  outcome: AuditOutcome;
  tool: string | null;
  subject: string | null;
  caller: string | null;
  domain: string | null;
  code: string | null;
  call_id: string;
  trace_id: string | null;
  write_id: string | null;
  method: string;
  effect: string | null;
  category: string | null;
  subject_kind: string | null;
  account: string | null;
  tenant: string | null;
  role: string | null;
  client: string | null;
  transport: string;
  revision: string;
  span_id: string | null;
  input_bytes: number;
  result_bytes: number;
  input_tokens: number;
  result_tokens: number;
  duration_us: number;
  stages: string | null;
  count: number;
  writer: string;
  ordinal: number;
  hash: string;
  /** Set when the payload is erased: what the payload hashed to. */
  payload_digest: string | null;
  reason: string | null;
  message: string | null;
  arguments: string | null;
  result: string | null;
  sent: string | null;
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
  rows: AuditRowsTable;
  blocks: BlocksTable;
  words: WordsTable;
  segments: SegmentsTable;
  segment_writers: SegmentWritersTable;
}
