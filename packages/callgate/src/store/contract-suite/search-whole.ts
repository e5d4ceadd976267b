import type { AuditPage, AuditQuery, AuditRecord, AuditStore } from "../audit-port.ts";

/** The page that a search finds in however many turns: on a busy machine one turn's time may be over before it is full. */
export async function searchWhole(
  audit: Pick<AuditStore, "search">,
  query: AuditQuery,
): Promise<Pick<AuditPage, "records">> {
  const records: AuditRecord[] = [];
  let cursor = query.cursor;
  for (;;) {
    const limit = query.limit - records.length;
    const page = await audit.search({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) });
    records.push(...page.records);
    if (page.complete || page.cursor === undefined) return { records };
    cursor = page.cursor;
  }
}
