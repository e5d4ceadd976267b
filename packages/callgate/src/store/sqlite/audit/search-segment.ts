import { type RecordValues, recordValue } from "../../audit/row-columns.ts";
import {
  type ColumnFilters,
  downwards,
  hasIndex,
  hasWords,
  type PositionRange,
  type SearchStep,
  type SearchWish,
} from "../../audit/search-steps.ts";
import { sql } from "../../kysely.ts";
import type { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import type { Segment } from "./list-segments.ts";
import { selectRecords } from "./search-filters.ts";
import type { SegmentReaders } from "./segment-readers.ts";

// Rows looked at between two looks at the clock: a few milliseconds each.
const SCANNED_AT_ONCE = 16_384;
const INDEXED_AT_ONCE = 131_072;
const TEXTS_SCANNED_AT_ONCE = 4_096;
const TEXT_HITS_AT_ONCE = 256;

/** Searches one segment downwards from `before`, in steps between which the caller may stop. */
export function* searchSegment(
  {
    segment,
    readers,
    before,
  }: { readonly segment: Segment; readonly readers: SegmentReaders; readonly before: number },
  wish: SearchWish,
): Generator<SearchStep> {
  const rows = readers.rows(segment.number);
  if (rows === undefined) return;
  const range = timeRange(rows, segment, wish.filters);
  const whole = { after: range.after, before: Math.min(before, range.before) };
  if (wish.words.length === 0) {
    const indexed = segment.state === "sealed" && hasIndex(wish.filters);
    yield* searchColumns({ rows, range: whole, atOnce: indexed ? INDEXED_AT_ONCE : SCANNED_AT_ONCE }, wish.filters);
    return;
  }
  // What is not in the text index yet lies above what is.
  const text = segment.textRows > 0 ? readers.text(segment.number) : undefined;
  const indexedTo = text === undefined ? 0 : segment.textRows;
  yield* scanTexts(rows, { after: Math.max(whole.after, indexedTo), before: whole.before }, wish);
  if (text === undefined) return;
  yield* searchTexts(
    { rows, text, range: { after: whole.after, before: Math.min(whole.before, indexedTo + 1) } },
    wish,
  );
}

// A sealed segment knows the times of each block of rows: the ends of a time range become positions.
function timeRange(rows: DatabaseReader, segment: Segment, { from, until }: ColumnFilters): PositionRange {
  const all = { after: 0, before: segment.rows + 1 };
  if (segment.state !== "sealed" || (from === undefined && until === undefined)) return all;
  const block = queries
    .selectFrom("blocks")
    .select((row) => [row.fn.min("first_position").as("first"), row.fn.max("last_position").as("last")]);
  const late = from === undefined ? block : block.where("until_at", ">=", from);
  const [first, last] = rows.all(until === undefined ? late : late.where("from_at", "<", until))[0] ?? [];
  return { after: Number(first ?? 1) - 1, before: Number(last ?? 0) + 1 };
}

function* searchColumns(
  { rows, range, atOnce }: { readonly rows: DatabaseReader; readonly range: PositionRange; readonly atOnce: number },
  filters: ColumnFilters,
): Generator<SearchStep> {
  for (const part of downwards(range, atOnce)) {
    let before = part.before;
    for (;;) {
      const records = rows.all(selectRecords(filters, { after: part.after, before }).limit(TEXT_HITS_AT_ONCE));
      const last = records.at(-1);
      const isWhole = records.length < TEXT_HITS_AT_ONCE || last === undefined;
      before = isWhole ? part.after + 1 : recordValue(last, "position");
      yield { records, reached: before };
      if (isWhole) break;
    }
  }
}

// Rows that may hold the words by a quick look, then by the words themselves.
function* scanTexts(rows: DatabaseReader, range: PositionRange, wish: SearchWish): Generator<SearchStep> {
  for (const part of downwards(range, TEXTS_SCANNED_AT_ONCE)) {
    const candidates = selectRecords(wish.filters, part).where((row) =>
      row.or([foldsOtherwise(), row.and(wish.words.map((word) => mentions(word)))]),
    );
    const records: RecordValues[] = [];
    for (const record of rows.iterate(candidates)) {
      if (hasWords(record, wish)) records.push(record);
    }
    yield { records, reached: part.after + 1 };
  }
}

function* searchTexts(
  {
    rows,
    text,
    range,
  }: { readonly rows: DatabaseReader; readonly text: DatabaseReader; readonly range: PositionRange },
  wish: SearchWish,
): Generator<SearchStep> {
  const match = wish.words.map((word) => `"${word}"`).join(" ");
  let before = range.before;
  while (before > range.after + 1) {
    const hits = text.all(
      queries
        .selectFrom("words")
        .select("rowid")
        .where(sql<boolean>`words MATCH ${match}`)
        .where("rowid", ">", range.after)
        .where("rowid", "<", before)
        .orderBy("rowid", "desc")
        .limit(TEXT_HITS_AT_ONCE),
    );
    const positions = hits.map((hit) => Number(hit[0]));
    before = positions.length < TEXT_HITS_AT_ONCE ? range.after + 1 : (positions.at(-1) ?? 0);
    const records = rows.all(
      selectRecords(wish.filters, range).where(
        sql<boolean>`position IN (SELECT value FROM json_each(${JSON.stringify(positions)}))`,
      ),
    );
    yield { records, reached: before };
  }
}

const payload = sql<string>`concat_ws(' ', reason, message, arguments, result, sent)`;

// LIKE ignores the case of ASCII letters only; texts with others are judged by their words.
function foldsOtherwise() {
  return sql<boolean>`octet_length(${payload}) <> length(${payload})`;
}

function mentions(word: string) {
  return sql<boolean>`${payload} LIKE ${`%${word}%`}`;
}
