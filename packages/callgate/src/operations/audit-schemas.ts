import { z } from "zod";
import type { AuditKind, AuditOutcome, AuditRecord } from "../store/audit-port.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

export const outcomes: readonly AuditOutcome[] = [
  "ok",
  "error",
  "refused",
  "preview",
  "replayed",
  "begun",
  "unknown",
  "interrupted",
  "cancelled",
];

/** A call in a line. */
export interface AuditEntry {
  readonly call_id: string;
  readonly at: string;
  readonly kind: AuditKind;
  readonly method: string;
  readonly tool?: string | undefined;
  readonly outcome: AuditOutcome;
  readonly code?: string | undefined;
  readonly subject?: string | undefined;
  readonly caller?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly write_id?: string | undefined;
  readonly trace_id?: string | undefined;
  readonly duration_ms: number;
  readonly result_tokens: number;
  readonly count: number;
}

/** A call in full. */
export interface AuditRecordInfo extends AuditEntry {
  readonly domain?: string | undefined;
  readonly effect?: string | undefined;
  readonly category?: string | undefined;
  readonly subject_kind?: string | undefined;
  readonly account?: string | undefined;
  readonly tenant?: string | undefined;
  readonly role?: string | undefined;
  readonly client?: string | undefined;
  readonly transport: string;
  readonly revision: string;
  readonly arguments?: string | undefined;
  readonly result?: string | undefined;
  readonly sent?: string | undefined;
  readonly input_bytes: number;
  readonly result_bytes: number;
  readonly input_tokens: number;
  readonly stages?: string | undefined;
  readonly writer: string;
  readonly ordinal: number;
  readonly hash: string;
}

const Entry = z.object({
  call_id: z.string(),
  at: z.string(),
  kind: z.enum(["call", "intent", "refusals", "recovered"]).describe("refusals: equal ones within a second, counted"),
  method: z.string(),
  tool: z.string().optional(),
  outcome: z.enum(outcomes),
  code: z.string().optional(),
  subject: z.string().optional(),
  caller: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  write_id: z.string().optional(),
  trace_id: z.string().optional(),
  duration_ms: z.number(),
  result_tokens: z.int().describe("About what the answer cost a model to read"),
  count: z.int(),
});

export const AuditEntry: z.ZodType<AuditEntry, AuditEntry> = Entry;

export const AuditRecordInfo: z.ZodType<AuditRecordInfo, AuditRecordInfo> = Entry.extend({
  domain: z.string().optional(),
  effect: z.string().optional(),
  category: z.string().optional(),
  subject_kind: z.string().optional(),
  account: z.string().optional(),
  tenant: z.string().optional(),
  role: z.string().optional(),
  client: z.string().optional(),
  transport: z.string(),
  revision: z.string(),
  arguments: z.string().optional().describe("JSON, masked"),
  result: z.string().optional().describe("JSON, masked"),
  sent: z.string().optional().describe("JSON, masked: what the tool really sent to its backend"),
  input_bytes: z.int(),
  result_bytes: z.int(),
  input_tokens: z.int(),
  stages: z.string().optional().describe("JSON: microseconds by stage"),
  writer: z.string().describe("Whose chain the row is in"),
  ordinal: z.int(),
  hash: z.string(),
});

export function toAuditEntry(record: AuditRecord): AuditEntry {
  const { kind, method, outcome, count } = record;
  return {
    call_id: record.callId,
    at: isoTime(record.at),
    kind,
    method,
    outcome,
    duration_ms: record.durationUs / 1_000,
    result_tokens: record.resultTokens,
    count,
    ...present({
      tool: record.tool,
      code: record.code,
      subject: record.subject,
      caller: record.caller,
      reason: record.reason,
      message: record.message,
      write_id: record.writeId,
      trace_id: record.traceId,
    }),
  };
}

export function toAuditRecordInfo(record: AuditRecord): AuditRecordInfo {
  const { transport, revision, writer, ordinal, hash } = record;
  return {
    ...toAuditEntry(record),
    transport,
    revision,
    input_bytes: record.inputBytes,
    result_bytes: record.resultBytes,
    input_tokens: record.inputTokens,
    writer,
    ordinal,
    hash,
    ...present({
      domain: record.domain,
      effect: record.effect,
      category: record.category,
      subject_kind: record.subjectKind,
      account: record.account,
      tenant: record.tenant,
      role: record.role,
      client: record.client,
      arguments: record.arguments,
      result: record.result,
      sent: record.sent,
      stages: record.stages,
    }),
  };
}
