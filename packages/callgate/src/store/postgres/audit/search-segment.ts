import { type RecordValues, recordColumns, recordValue } from "../../audit/row-columns.ts";
import {
  type ColumnFilters,
  downwards,
  hasIndex,
  hasWords,
  type PositionRange,
  type SearchStep,
  type SearchWish,
} from "../../audit/search-steps.ts";
import { type Connections, quoted } from "../database/connections.ts";
import { rowsTable, type Segment, wordsTable } from "./audit-segments.ts";
import { indexedWord } from "./index-texts.ts";
import { addFilters, Conditions } from "./search-conditions.ts";

// Positions looked at between two looks at the clock.
const SCANNED_AT_ONCE = 16_384;
const INDEXED_AT_ONCE = 262_144;
const TEXTS_SCANNED_AT_ONCE = 2_048;
const HITS_AT_ONCE = 256;

interface Place {
  readonly connections: Connections;
  readonly segment: Segment;
}

const columns = recordColumns.map(quoted).join(", ");
const payload = "concat_ws(' ', reason, message, arguments, result, sent)";

/** Searches one partition downwards from `before`, in steps between which the caller may stop. */
export async function* searchSegment(
  place: Place & { readonly before: number },
  wish: SearchWish,
): AsyncGenerator<SearchStep> {
  const extent = await extentOf(place, wish.filters);
  if (extent === undefined) return;
  const whole = { after: extent.after, before: Math.min(place.before, extent.before) };
  const { segment } = place;
  if (wish.words.length === 0) {
    const atOnce = segment.state === "sealed" && hasIndex(wish.filters) ? INDEXED_AT_ONCE : SCANNED_AT_ONCE;
    yield* searchColumns(place, { range: whole, atOnce }, wish);
    return;
  }
  // What is not in the text index yet lies above what is.
  const indexedTo = segment.textPosition;
  yield* scanTexts(place, { after: Math.max(whole.after, indexedTo), before: whole.before }, wish);
  yield* searchTexts(place, { after: whole.after, before: Math.min(whole.before, indexedTo + 1) }, wish);
}

/** The positions among which the rows are; undefined where there are none. Where it has an index of times, those of a range of time. */
async function extentOf(
  { connections, segment }: Place,
  { from, until }: ColumnFilters,
): Promise<PositionRange | undefined> {
  const times = segment.state === "sealed" ? addFilters(new Conditions(), rangeOf(from, until)) : new Conditions();
  const [[first, last] = []] = await connections.run({
    text: `SELECT min(position), max(position) FROM ${rowsTable(segment.number)} WHERE ${times.text}`,
    values: times.values,
  });
  return typeof first === "number" ? { after: first - 1, before: Number(last) + 1 } : undefined;
}

function rangeOf(from: number | undefined, until: number | undefined): ColumnFilters {
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
}

async function* searchColumns(
  place: Place,
  { range, atOnce }: { readonly range: PositionRange; readonly atOnce: number },
  wish: SearchWish,
): AsyncGenerator<SearchStep> {
  for (const part of downwards(range, atOnce)) {
    let { before } = part;
    for (;;) {
      const conditions = conditionsOf({ after: part.after, before }, wish.filters);
      const records = await select(place, conditions, HITS_AT_ONCE);
      const last = records.at(-1);
      const isWhole = records.length < HITS_AT_ONCE || last === undefined;
      before = isWhole ? part.after + 1 : recordValue(last, "position");
      yield { records, reached: before };
      if (isWhole) break;
    }
  }
}

// Rows that may hold the words by a quick look of the server, then by the words themselves.
async function* scanTexts(place: Place, range: PositionRange, wish: SearchWish): AsyncGenerator<SearchStep> {
  for (const part of downwards(range, TEXTS_SCANNED_AT_ONCE)) {
    const conditions = conditionsOf(part, wish.filters);
    // Folding beyond ASCII is left to the words, so that such texts are all looked at.
    conditions.add(
      `(octet_length(${payload}) <> length(${payload}) OR NOT EXISTS (
        SELECT FROM unnest(?::text[]) AS word WHERE strpos(lower(${payload} COLLATE "C"), word) = 0))`,
      wish.words,
    );
    yield {
      records: (await select(place, conditions)).filter((record) => hasWords(record, wish)),
      reached: part.after + 1,
    };
  }
}

async function* searchTexts(place: Place, range: PositionRange, wish: SearchWish): AsyncGenerator<SearchStep> {
  const { connections, segment } = place;
  let { before } = range;
  while (before > range.after + 1) {
    const hits = await connections.run({
      text: `SELECT position FROM ${wordsTable(segment.number)}
        WHERE words @> $1::text[] AND position > $2 AND position < $3 ORDER BY position DESC LIMIT ${HITS_AT_ONCE}`,
      values: [wish.words.map(indexedWord), range.after, before],
    });
    const positions = hits.map(([position]) => Number(position));
    before = positions.length < HITS_AT_ONCE ? range.after + 1 : (positions.at(-1) ?? 0);
    const conditions = conditionsOf(range, wish.filters).add("position = ANY(?::bigint[])", positions);
    const records = positions.length === 0 ? [] : await select(place, conditions);
    yield { records: records.filter((record) => hasWords(record, wish)), reached: before };
  }
}

function conditionsOf({ after, before }: PositionRange, filters: ColumnFilters): Conditions {
  return addFilters(new Conditions().add("position > ?", after).add("position < ?", before), filters);
}

function select(
  { connections, segment }: Place,
  { text, values }: Conditions,
  limit?: number,
): Promise<readonly RecordValues[]> {
  const end = limit === undefined ? "" : ` LIMIT ${limit}`;
  return connections.run({
    text: `SELECT ${columns} FROM ${rowsTable(segment.number)} WHERE ${text} ORDER BY position DESC${end}`,
    values,
  });
}
