import type { ChainHasher } from "../../audit-chain.ts";
import { sql } from "../../kysely.ts";
import { openDatabase } from "../database/open-database.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import { segmentPath } from "./audit-files.ts";
import type { SegmentRegistry } from "./segment-registry.ts";

/** How long a process may take to seal a segment before another one does it anew. */
const SEALING_MS = 120_000;

// One statement each, so that a sealing that is cut off goes on where it stopped.
const steps: readonly string[] = [
  "CREATE INDEX IF NOT EXISTS rows_call ON rows (call_id)",
  "CREATE INDEX IF NOT EXISTS rows_subject ON rows (subject)",
  "CREATE INDEX IF NOT EXISTS rows_caller ON rows (caller)",
  "CREATE INDEX IF NOT EXISTS rows_tool ON rows (tool, outcome)",
  "CREATE INDEX IF NOT EXISTS rows_trace ON rows (trace_id) WHERE trace_id IS NOT NULL",
  "CREATE INDEX IF NOT EXISTS rows_write ON rows (write_id) WHERE write_id IS NOT NULL",
  "CREATE INDEX IF NOT EXISTS rows_code ON rows (code) WHERE code IS NOT NULL",
  "CREATE INDEX IF NOT EXISTS rows_outcome ON rows (outcome) WHERE outcome <> 'ok'",
  `CREATE TABLE IF NOT EXISTS blocks AS
    SELECT min(position) AS first_position, max(position) AS last_position, min(at) AS from_at, max(at) AS until_at
    FROM rows GROUP BY (position - 1) / 1024`,
];

// Which row of a group gives a column that is not aggregated is not promised beside two aggregates.
const CHAIN_ENDS = `
  SELECT writer, first, last, hash
  FROM (SELECT writer, min(ordinal) AS first, max(ordinal) AS last FROM rows GROUP BY writer) JOIN rows USING (writer)
  WHERE ordinal = last`;

export interface SealOptions {
  readonly folder: string;
  readonly registry: SegmentRegistry;
  /** The hasher of a writer's own chain: a segment may hold rows from before and after a change of keys. */
  readonly hasherOf: (writer: string) => ChainHasher;
}

/** Seals one full segment: its indexes, its times, the signed ends of its chains. False where there is none to seal. */
export function sealNextSegment({ folder, registry, hasherOf }: SealOptions): boolean {
  const number = registry.transaction(() => {
    const found = firstRow(prepare(registry.database, claimForSealing()), Date.now(), Date.now() + SEALING_MS);
    return found === undefined ? undefined : Number(found[0]);
  });
  if (number === undefined) return false;
  const segment = openDatabase(segmentPath(folder, number));
  try {
    for (const step of steps) segment.exec(step);
    const [count, fromAt, untilAt] = firstRow(prepare(segment, selectExtent())) ?? [];
    const ends = segment.prepare(CHAIN_ENDS).all();
    registry.transaction(() => {
      const insert = prepare(registry.database, insertWriterEnd());
      for (const { writer, first, last, hash } of ends) {
        const seal = {
          segment: number,
          writer: String(writer),
          first: Number(first),
          last: Number(last),
          hash: String(hash),
          untilAt: Number(untilAt),
        };
        insert.run(number, seal.writer, seal.first, seal.last, seal.hash, hasherOf(seal.writer).signSeal(seal));
      }
      prepare(registry.database, updateSealed()).run(number, count ?? 0, fromAt ?? null, untilAt ?? null);
    });
    segment.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    segment.close();
  }
  return true;
}

function claimForSealing() {
  return queries
    .updateTable("segments")
    .set({ state: sql.lit("sealing"), sealer_until: parameter<number>(2) })
    .where("number", "=", (row) =>
      row
        .selectFrom("segments")
        .select("number")
        .where((each) =>
          each.or([
            each("state", "=", sql.lit("full")),
            each.and([each("state", "=", sql.lit("sealing")), each("sealer_until", "<", parameter<number>(1))]),
          ]),
        )
        .orderBy("number")
        .limit((each) => each.lit(1)),
    )
    .returning("number");
}

function selectExtent() {
  return queries
    .selectFrom("rows")
    .select((row) => [row.fn.countAll().as("count"), row.fn.min("at").as("from"), row.fn.max("at").as("until")]);
}

function insertWriterEnd() {
  return queries
    .insertInto("segment_writers")
    .values({
      segment: parameter<number>(1),
      writer: parameter<string>(2),
      first_ordinal: parameter<number>(3),
      last_ordinal: parameter<number>(4),
      last_hash: parameter<string>(5),
      signature: parameter<string>(6),
    })
    .onConflict((conflict) => conflict.doNothing());
}

function updateSealed() {
  return queries
    .updateTable("segments")
    .set({
      state: sql.lit("sealed"),
      row_count: parameter<number>(2),
      from_at: parameter<number>(3),
      until_at: parameter<number>(4),
    })
    .where("number", "=", parameter<number>(1));
}
