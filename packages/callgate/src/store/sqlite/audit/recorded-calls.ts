import { sql } from "../../kysely.ts";
import { queries } from "../database/queries.ts";
import type { Segment } from "./list-segments.ts";
import type { SegmentReaders } from "./segment-readers.ts";

/** Those of the calls whose end is on record; one look at each segment, newest first, until all are found. */
export function recordedCalls(
  callIds: readonly string[],
  segments: readonly Segment[],
  readers: SegmentReaders,
): readonly string[] {
  const missing = new Set(callIds);
  const found: string[] = [];
  for (const { number } of segments) {
    if (missing.size === 0) break;
    const ended = queries
      .selectFrom("rows")
      .select("call_id")
      .distinct()
      .where("kind", "<>", "intent")
      .where(sql<boolean>`call_id IN (SELECT value FROM json_each(${JSON.stringify([...missing])}))`);
    for (const [callId] of readers.rows(number)?.all(ended) ?? []) {
      missing.delete(String(callId));
      found.push(String(callId));
    }
  }
  return found;
}
