import type { Generated } from "kysely";
import type { ChainValue } from "../audit-chain.ts";
import type { AuditKind, AuditOutcome, AuditRecord, AuditRow } from "../audit-port.ts";

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

// The order decides the hash of a row: it is part of the format and does not change.
const fieldColumns = [
  "call_id",
  "kind",
  "at",
  "method",
  "domain",
  "tool",
  "effect",
  "outcome",
  "code",
  "category",
  "caller",
  "subject",
  "subject_kind",
  "account",
  "tenant",
  "role",
  "client",
  "transport",
  "revision",
  "trace_id",
  "span_id",
  "write_id",
  "input_bytes",
  "result_bytes",
  "input_tokens",
  "result_tokens",
  "duration_us",
  "stages",
  "count",
] as const;

/** The columns that can be erased. */
export const payloadColumns = ["reason", "message", "arguments", "result", "sent"] as const;

/** The columns of a row in the order in which it travels to the appending thread. */
export const rowColumns: readonly [...typeof fieldColumns, ...typeof payloadColumns] = [
  ...fieldColumns,
  ...payloadColumns,
];

/** The columns of a record as it is read back. */
export const recordColumns: readonly [...typeof rowColumns, "writer", "ordinal", "hash", "payload_digest", "position"] =
  [...rowColumns, "writer", "ordinal", "hash", "payload_digest", "position"];

/** A record as it comes out of a store, in the order of `recordColumns`. */
export type RecordValues = readonly unknown[];

/** Reads one column of a record. */
export function recordValue<Column extends (typeof recordColumns)[number]>(
  values: RecordValues,
  column: Column,
): RecordColumn<Column> {
  // The select names recordColumns, and the append thread wrote their declared types.
  return values[recordColumns.indexOf(column)] as RecordColumn<Column>;
}

type RecordColumn<Column extends keyof AuditRowsTable> = Column extends "position" ? number : AuditRowsTable[Column];

/** The fields of a row that enter its hash as they are. */
export function fieldsOf(values: readonly unknown[]): readonly ChainValue[] {
  return values.slice(0, fieldColumns.length) as ChainValue[];
}

/** The fields of a row that enter its hash by a digest of their own. */
export function payloadOf(values: readonly unknown[]): readonly ChainValue[] {
  return values.slice(fieldColumns.length, rowColumns.length) as ChainValue[];
}

/** A row as flat values, in the order of `rowColumns`. */
export function toRowValues(row: AuditRow): ChainValue[] {
  return [
    row.callId,
    row.kind,
    row.at,
    row.method,
    row.domain ?? null,
    row.tool ?? null,
    row.effect ?? null,
    row.outcome,
    row.code ?? null,
    row.category ?? null,
    row.caller ?? null,
    row.subject ?? null,
    row.subjectKind ?? null,
    row.account ?? null,
    row.tenant ?? null,
    row.role ?? null,
    row.client ?? null,
    row.transport,
    row.revision,
    row.traceId ?? null,
    row.spanId ?? null,
    row.writeId ?? null,
    row.inputBytes,
    row.resultBytes,
    row.inputTokens,
    row.resultTokens,
    row.durationUs,
    row.stages ?? null,
    row.count,
    row.reason ?? null,
    row.message ?? null,
    row.arguments ?? null,
    row.result ?? null,
    row.sent ?? null,
  ];
}

/** The record that the port speaks of. */
export function toAuditRecord(values: RecordValues): AuditRecord {
  return {
    callId: recordValue(values, "call_id"),
    kind: recordValue(values, "kind"),
    at: recordValue(values, "at"),
    method: recordValue(values, "method"),
    domain: recordValue(values, "domain") ?? undefined,
    tool: recordValue(values, "tool") ?? undefined,
    effect: recordValue(values, "effect") ?? undefined,
    outcome: recordValue(values, "outcome"),
    code: recordValue(values, "code") ?? undefined,
    category: recordValue(values, "category") ?? undefined,
    caller: recordValue(values, "caller") ?? undefined,
    subject: recordValue(values, "subject") ?? undefined,
    subjectKind: recordValue(values, "subject_kind") ?? undefined,
    account: recordValue(values, "account") ?? undefined,
    tenant: recordValue(values, "tenant") ?? undefined,
    role: recordValue(values, "role") ?? undefined,
    client: recordValue(values, "client") ?? undefined,
    transport: recordValue(values, "transport"),
    revision: recordValue(values, "revision"),
    traceId: recordValue(values, "trace_id") ?? undefined,
    spanId: recordValue(values, "span_id") ?? undefined,
    reason: recordValue(values, "reason") ?? undefined,
    arguments: recordValue(values, "arguments") ?? undefined,
    result: recordValue(values, "result") ?? undefined,
    sent: recordValue(values, "sent") ?? undefined,
    message: recordValue(values, "message") ?? undefined,
    writeId: recordValue(values, "write_id") ?? undefined,
    inputBytes: recordValue(values, "input_bytes"),
    resultBytes: recordValue(values, "result_bytes"),
    inputTokens: recordValue(values, "input_tokens"),
    resultTokens: recordValue(values, "result_tokens"),
    durationUs: recordValue(values, "duration_us"),
    stages: recordValue(values, "stages") ?? undefined,
    count: recordValue(values, "count"),
    writer: recordValue(values, "writer"),
    ordinal: recordValue(values, "ordinal"),
    hash: recordValue(values, "hash"),
  };
}
