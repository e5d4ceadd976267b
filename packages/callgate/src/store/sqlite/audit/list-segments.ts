import { sql } from "../../kysely.ts";
import type { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import type { SegmentState } from "../database/schema.ts";
import type { SegmentReaders } from "./segment-readers.ts";

/** A segment with what is known of it. */
export interface Segment {
  readonly number: number;
  readonly state: SegmentState;
  readonly rows: number;
  /** Times of its first and last row; undefined until it is sealed. */
  readonly fromAt: number | undefined;
  readonly untilAt: number | undefined;
  readonly textRows: number;
}

/** The segments that are there, newest first. */
export function listSegments(registry: DatabaseReader, readers: SegmentReaders): readonly Segment[] {
  const rows = registry.all(
    queries
      .selectFrom("segments")
      .select(["number", "state", "row_count", "from_at", "until_at", "text_rows"])
      .where("state", "!=", sql.lit("dropped"))
      .orderBy("number", "desc"),
  );
  return rows.map((row) => {
    // The select names the columns, and the table is strict.
    const [number, state, count, fromAt, untilAt, textRows] = row as [
      number,
      SegmentState,
      number,
      number | null,
      number | null,
      number,
    ];
    return {
      number,
      state,
      rows: state === "open" ? lastPosition(readers.rows(number)) : count,
      fromAt: fromAt ?? undefined,
      untilAt: untilAt ?? undefined,
      textRows,
    };
  });
}

/** The position of the last row, which is also the number of rows. */
export function lastPosition(reader: DatabaseReader | undefined): number {
  const rows = reader?.all(queries.selectFrom("rows").select((row) => row.fn.max("position").as("last")));
  return Number(rows?.[0]?.[0] ?? 0);
}
