import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { GateInsides } from "../gate/create-gate.ts";
import type { AuditQuery, AuditStore } from "../store/audit-port.ts";
import { AuditEntry, AuditRecordInfo, outcomes, toAuditEntry, toAuditRecordInfo } from "./audit-schemas.ts";

const VERIFY_MS = 120_000;

const Search = z.object({
  subject: z.string().optional().describe("e.g. person:anna, agent:helper@anna, client:guest_00042"),
  caller: z.string().optional().describe("The id of the key that called"),
  tool: z.string().optional(),
  domain: z.string().optional(),
  outcome: z.enum(outcomes).optional(),
  code: z.string().optional().describe("An error code, e.g. rate_limited"),
  trace_id: z.string().optional(),
  write_id: z.string().optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("The earliest time, e.g. 2026-11-01T09:00:00Z"),
  until: z.iso.datetime({ offset: true }).optional().describe("Before this time"),
  text: z
    .string()
    .max(500)
    .optional()
    .describe("Words that all occur in reason, message, arguments, result or what was sent"),
  limit: z.int().min(1).max(100).default(20).describe("Rows at most"),
  cursor: z.string().optional().describe("next_cursor of the page before, with the same other arguments"),
});

/** The record of calls: who called what, why, and how it ended. */
export function auditDomain({ store }: GateInsides): Domain<AuditStore> {
  const audit = defineDomain<AuditStore>("audit", {
    owner: "gate-operators",
    purpose: "Finding out who called what through this gate, and proving that the record has not been changed.",
    concern: "The record shows what was done to people who trusted this gate: it is for those alone who answer for it.",
    backend: { start: () => store.audit, health: (_audit, signal) => store.health(signal) },
  });
  addSearch(audit);
  addGet(audit);
  addVerify(audit);
  return audit;
}

function addSearch(audit: Domain<AuditStore>): void {
  audit.read("search_audit", {
    description:
      "Search the record of calls, newest first, by who called, what, when, how it ended, or words in it. All given fields must " +
      "match. Gives a line a call; use get_audit_record for one call in full.",
    scope: "audit:read",
    timeoutMs: 10_000,
    input: Search,
    output: z.object({
      records: z.array(AuditEntry),
      next_cursor: z.string().optional().describe("There may be more: pass it as cursor"),
      complete: z
        .boolean()
        .describe("False: the search ran out of time before the page was full; go on with next_cursor"),
      text_index_lag: z.int().describe("Newest rows that are not in the text index yet"),
    }),
    run: async ({ trace_id, write_id, from, until, ...fields }, { backend }) => {
      const query = withoutUndefined({
        ...fields,
        traceId: trace_id,
        writeId: write_id,
        from: from === undefined ? undefined : Date.parse(from),
        until: until === undefined ? undefined : Date.parse(until),
      });
      const page = await backend.search(query);
      return {
        records: page.records.map(toAuditEntry),
        ...(page.cursor !== undefined && { next_cursor: page.cursor }),
        complete: page.complete,
        text_index_lag: page.textIndexLag,
      };
    },
  });
}

function addGet(audit: Domain<AuditStore>): void {
  audit.read("get_audit_record", {
    description:
      "Get one call in full by its id: arguments and result as they were recorded (masked), what was sent to the backend, time per " +
      "stage, sizes, and its place in the chain. search_audit gives ids.",
    scope: "audit:read",
    input: z.object({ call_id: z.string().describe("e.g. call_…, from search_audit or an error message") }),
    output: AuditRecordInfo,
    run: async ({ call_id }, { backend }) => {
      const record = await backend.get(call_id);
      if (record !== undefined) return toAuditRecordInfo(record);
      throw new CallError("unknown_call", `There is no record of ${call_id}.`, {
        category: "validation",
        next: "Call search_audit for ids that exist. Refusals in great numbers are recorded together, not one by one.",
      });
    },
  });
}

function addVerify(audit: Domain<AuditStore>): void {
  audit.read("verify_audit", {
    description:
      "Prove that the record of calls has not been changed: every row is held against its chain and every chain against its signed " +
      "heads. Reads the whole record, so it may take minutes; nothing is changed.",
    scope: "audit:read",
    timeoutMs: VERIFY_MS,
    rate: "10/h",
    concurrency: 1,
    input: z.object({}),
    output: z.object({
      intact: z.boolean(),
      rows: z.int(),
      writers: z.int(),
      segments: z.int(),
      faults: z
        .array(
          z.object({
            writer: z.string(),
            ordinal: z.int(),
            call_id: z.string().optional(),
            problem: z.enum(["changed", "missing", "reordered", "head-mismatch", "unreadable"]),
            detail: z.string(),
          }),
        )
        .describe("At most 100"),
      faults_in_all: z.int(),
    }),
    run: async (_input, { backend }) => {
      const { rows, writers, segments, faults } = await backend.verify();
      const shown = faults
        .slice(0, 100)
        .map(({ callId, ...fault }) => ({ ...fault, ...(callId !== undefined && { call_id: callId }) }));
      return { intact: faults.length === 0, rows, writers, segments, faults: shown, faults_in_all: faults.length };
    },
  });
}

/** Optional fields of a query are there or not; what validation leaves as undefined is not. */
function withoutUndefined(fields: { [Field in keyof AuditQuery]: AuditQuery[Field] | undefined }): AuditQuery {
  // `limit` has a default, so it is always there.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as AuditQuery;
}
