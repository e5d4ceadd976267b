import { z } from "zod";
import type { AuditOutcome, AuditRecord } from "../store/audit-port.ts";
import { isoTime } from "./key-schemas.ts";

export const outcomes = [
  "ok",
  "error",
  "refused",
  "preview",
  "replayed",
  "unknown",
  "interrupted",
  "cancelled",
] as const satisfies readonly AuditOutcome[];

/** A call in a line. */
export const AuditEntry = z.object({
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
  count: z.int(),
});

/** A call in full. */
export const AuditRecordInfo = AuditEntry.extend({
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
  result_tokens: z.int(),
  stages: z.string().optional().describe("JSON: microseconds by stage"),
  writer: z.string().describe("Whose chain the row is in"),
  ordinal: z.int(),
  hash: z.string(),
});

export function toAuditEntry(record: AuditRecord): z.infer<typeof AuditEntry> {
  const { kind, method, outcome, count } = record;
  return {
    call_id: record.callId,
    at: isoTime(record.at),
    kind,
    method,
    outcome,
    duration_ms: record.durationUs / 1_000,
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

export function toAuditRecordInfo(record: AuditRecord): z.infer<typeof AuditRecordInfo> {
  const { transport, revision, writer, ordinal, hash } = record;
  return {
    ...toAuditEntry(record),
    transport,
    revision,
    input_bytes: record.inputBytes,
    result_bytes: record.resultBytes,
    input_tokens: record.inputTokens,
    result_tokens: record.resultTokens,
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

/** The fields that have a text: absent ones are left out of an answer, not shown as null. */
export function present<Field extends string>(
  fields: Readonly<Record<Field, string | undefined>>,
): { [Each in Field]?: string } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [Each in Field]?: string };
}
