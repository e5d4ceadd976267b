import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { Subject } from "../define/subject.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { AuditPage, AuditQuery, AuditStore } from "../store/audit-port.ts";
import { AuditEntry, AuditRecordInfo, outcomes, toAuditEntry, toAuditRecordInfo } from "./audit-schemas.ts";
import { isOfTenant } from "./is-of-tenant.ts";
import { pageAfter } from "./page-after.ts";
import { present } from "./present.ts";
import { addVerifyAudit } from "./verify-audit.ts";

/** What a page of an export may weigh, so that neither side ever holds much of the record. */
const EXPORT_PAGE_BYTES = 1_048_576;
const VERIFY_MS = 120_000;

const filters = {
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
  cursor: z.string().optional().describe("next_cursor of the page before, with the same other arguments"),
};
const Search = z.object({ ...filters, limit: z.int().min(1).max(100).default(20).describe("Rows at most") });
const Export = z.object({ ...filters, limit: z.int().min(1).max(1_000).default(500).describe("Rows at most") });

export interface AuditDomainOptions extends GateInsides {
  /** Milliseconds that a proof of the record may take; two minutes unless said otherwise. */
  readonly verifyMs?: number;
}

/** The record of calls: who called what, why, and how it ended. */
export function auditDomain({ store, verifyMs = VERIFY_MS }: AuditDomainOptions): Domain<AuditStore> {
  const audit = defineDomain<AuditStore>("audit", {
    owner: "gate-operators",
    purpose: "Finding out who called what through this gate, and proving that the record has not been changed.",
    concern: "The record shows what was done to people who trusted this gate: it is for those alone who answer for it.",
    backend: { start: () => store.audit, health: (_audit, signal) => store.health(signal) },
  });
  addSearch(audit);
  addGet(audit);
  addExport(audit);
  addVerifyAudit(audit, verifyMs);
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
    run: async (wanted, { backend, subject }) => {
      const page = await pageAfter(wanted.cursor, backend.search(toQuery(wanted, subject)));
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
    run: async ({ call_id }, { backend, subject }) => {
      const record = await backend.get(call_id);
      if (record !== undefined && isOfTenant(subject, record.tenant)) return toAuditRecordInfo(record);
      throw new CallError("unknown_call", `There is no record of ${call_id}.`, {
        category: "validation",
        next: "Call search_audit for ids that exist. Refusals in great numbers are recorded together, not one by one.",
      });
    },
  });
}

function addExport(audit: Domain<AuditStore>): void {
  audit.read("export_audit", {
    description:
      "Read the record of calls in full, page after page, newest first, to keep a copy elsewhere; calls that come meanwhile are not " +
      "in it. Fields as in search_audit, which is the tool for finding a call.",
    scope: "audit:read",
    timeoutMs: 10_000,
    rate: "100/s",
    maxResultBytes: 8 * EXPORT_PAGE_BYTES,
    input: Export,
    output: z.object({
      records: z.array(AuditRecordInfo).describe("May be fewer than limit, or none, although there are more"),
      next_cursor: z.string().optional().describe("There may be more: pass it as cursor"),
    }),
    run: async (wanted, { backend, subject }) => {
      const { records, cursor } = await pageAfter(wanted.cursor, lightPage(backend, toQuery(wanted, subject)));
      return { records: records.map(toAuditRecordInfo), ...(cursor !== undefined && { next_cursor: cursor }) };
    },
  });
}

/** A page of at least one row, or of as many as an answer may weigh. */
async function lightPage(store: AuditStore, query: AuditQuery): Promise<AuditPage> {
  const page = await store.search(query);
  let room = EXPORT_PAGE_BYTES;
  const tooMany = page.records.findIndex((record) => {
    room -= JSON.stringify(record).length;
    return room < 0;
  });
  return tooMany === -1 ? page : store.search({ ...query, limit: Math.max(tooMany, 1) });
}

/** The query of arguments, within the subject's tenant: what validation leaves as undefined is not in it. */
function toQuery(
  { trace_id, write_id, from, until, ...fields }: z.output<typeof Search>,
  { tenant }: Subject,
): AuditQuery {
  return present({
    ...fields,
    tenant,
    traceId: trace_id,
    writeId: write_id,
    from: from === undefined ? undefined : Date.parse(from),
    until: until === undefined ? undefined : Date.parse(until),
  });
}
