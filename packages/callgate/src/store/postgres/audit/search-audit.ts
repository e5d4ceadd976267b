import { type RecordValues, recordValue } from "../../audit/row-columns.ts";
import { parseCursor, type SearchPlace, toCursor } from "../../audit/search-cursor.ts";
import type { SearchWish } from "../../audit/search-steps.ts";
import { wordsOf } from "../../audit/text-words.ts";
import type { AuditQuery } from "../../audit-port.ts";
import type { Connections } from "../database/connections.ts";
import { NO_TABLE, serverCode } from "../database/postgres-failure.ts";
import type { Segment } from "./audit-segments.ts";
import { searchSegment } from "./search-segment.ts";

const TIME_BUDGET_MS = 200;

/** What a search found: records, cursor (undefined: nothing is left), whether the page is complete. */
export interface Found {
  readonly records: readonly RecordValues[];
  readonly cursor: string | undefined;
  readonly complete: boolean;
}

/** Searches partition after partition, newest first in the order of recording, until the page is full or the time is up. */
export async function searchAudit(
  connections: Connections,
  segments: readonly Segment[],
  query: AuditQuery,
): Promise<Found> {
  const deadline = performance.now() + TIME_BUDGET_MS;
  const { limit, cursor, text, ...filters } = query;
  const wish: SearchWish = { filters, words: [...new Set(wordsOf(text ?? ""))] };
  const start = cursor === undefined ? undefined : parseCursor(cursor);
  const records: RecordValues[] = [];
  for (const segment of segments.toReversed()) {
    if (isBehind(segment, start) || isOutside(segment, query)) continue;
    const { fromTime } = segment;
    const before = start?.segment === fromTime ? start.before : Number.MAX_SAFE_INTEGER;
    try {
      for await (const step of searchSegment({ connections, segment, before }, wish)) {
        const last = step.records[limit - records.length - 1];
        records.push(...step.records.slice(0, limit - records.length));
        const reached = records.length < limit || last === undefined ? step.reached : recordValue(last, "position");
        const place = toCursor({ segment: fromTime, before: reached });
        if (records.length >= limit) return { records, cursor: place, complete: true };
        if (performance.now() > deadline) return { records, cursor: place, complete: false };
      }
    } catch (error) {
      // Retention has dropped it meanwhile.
      if (serverCode(error) !== NO_TABLE) throw error;
    }
  }
  return { records, cursor: undefined, complete: true };
}

function isBehind({ fromTime, state }: Segment, start: SearchPlace | undefined): boolean {
  return state === "dropped" || (start !== undefined && fromTime > start.segment);
}

function isOutside({ state, rows, fromAt, untilAt }: Segment, { from, until }: AuditQuery): boolean {
  if (state !== "sealed") return false;
  if (rows === 0 || fromAt === undefined || untilAt === undefined) return true;
  return (from !== undefined && untilAt < from) || (until !== undefined && fromAt >= until);
}
