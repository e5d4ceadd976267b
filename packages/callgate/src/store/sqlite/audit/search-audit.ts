import { type RecordValues, recordValue } from "../../audit/row-columns.ts";
import { parseCursor, toCursor } from "../../audit/search-cursor.ts";
import type { SearchWish } from "../../audit/search-steps.ts";
import { wordsOf } from "../../audit/text-words.ts";
import type { AuditQuery } from "../../audit-port.ts";
import type { Segment } from "./list-segments.ts";
import { searchSegment } from "./search-segment.ts";
import type { SegmentReaders } from "./segment-readers.ts";

const TIME_BUDGET_MS = 200;

/** A page on its way between threads: records, cursor (null: nothing is left), whether the page is complete. */
export type SearchReply = readonly [readonly RecordValues[], string | null, boolean];

/** Searches segment after segment, newest first in the order of recording, until the page is full or the time is up. */
export function searchAudit(query: AuditQuery, segments: readonly Segment[], readers: SegmentReaders): SearchReply {
  const deadline = performance.now() + TIME_BUDGET_MS;
  const { limit, cursor, text, ...filters } = query;
  const wish: SearchWish = { filters, words: [...new Set(wordsOf(text ?? ""))] };
  const start = cursor === undefined ? undefined : parseCursor(cursor);
  const records: RecordValues[] = [];
  for (const segment of segments) {
    if (start !== undefined && segment.number > start.segment) continue;
    if (isOutside(segment, query)) continue;
    const before = start?.segment === segment.number ? start.before : segment.rows + 1;
    for (const step of searchSegment({ segment, readers, before }, wish)) {
      const last = step.records[limit - records.length - 1];
      records.push(...step.records.slice(0, limit - records.length));
      if (records.length >= limit) {
        const reached = last === undefined ? step.reached : recordValue(last, "position");
        return [records, toCursor({ segment: segment.number, before: reached }), true];
      }
      if (performance.now() > deadline) {
        return [records, toCursor({ segment: segment.number, before: step.reached }), false];
      }
    }
  }
  return [records, null, true];
}

function isOutside({ fromAt, untilAt }: Segment, { from, until }: AuditQuery): boolean {
  if (fromAt === undefined || untilAt === undefined) return false;
  return (from !== undefined && untilAt < from) || (until !== undefined && fromAt >= until);
}
