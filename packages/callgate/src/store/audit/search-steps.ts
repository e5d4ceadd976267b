import type { AuditQuery } from "../audit-port.ts";
import { payloadOf, type RecordValues } from "./row-columns.ts";
import { payloadWords } from "./text-words.ts";

/** The part of a query that is about columns. */
export type ColumnFilters = Omit<AuditQuery, "limit" | "cursor" | "text">;

/** A query with its words taken apart. */
export interface SearchWish {
  readonly filters: ColumnFilters;
  readonly words: readonly string[];
}

/** A step of a search: what it found, newest first, and the position that it has reached downwards. */
export interface SearchStep {
  readonly records: readonly RecordValues[];
  readonly reached: number;
}

/** Positions of a segment: above `after`, below `before`. */
export interface PositionRange {
  readonly after: number;
  readonly before: number;
}

/** Whether a sealed segment has an index that leads to the rows of this query. */
export function hasIndex({ subject, caller, tool, code, traceId, writeId, outcome }: ColumnFilters): boolean {
  const plain = [subject, caller, tool, code, traceId, writeId].some((value) => value !== undefined);
  return plain || (outcome !== undefined && outcome !== "ok");
}

/** Whether the texts of a record have all the words. */
export function hasWords(record: RecordValues, { words }: SearchWish): boolean {
  // The payload's columns are texts or null.
  const there = new Set(payloadWords(payloadOf(record) as (string | null)[]));
  return words.every((word) => there.has(word));
}

/** The parts of a range from its upper end down, of so many positions at most. */
export function* downwards({ after, before }: PositionRange, atOnce: number): Generator<PositionRange> {
  for (let upper = before; upper > after + 1; upper -= atOnce)
    yield { after: Math.max(after, upper - atOnce - 1), before: upper };
}
