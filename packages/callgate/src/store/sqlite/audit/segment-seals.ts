import type { RegisteredSeal } from "../../audit/check-chains.ts";
import { sql } from "../../kysely.ts";
import type { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";

/** The seals of one segment or of all that have been sealed, those of dropped ones too. */
export function readSeals(registry: DatabaseReader, segment?: number): readonly RegisteredSeal[] {
  const select = queries
    .selectFrom("segment_writers as seal")
    .innerJoin("segments", "segments.number", "seal.segment")
    .select([
      "seal.segment",
      "seal.writer",
      "seal.first_ordinal",
      "seal.last_ordinal",
      "seal.last_hash",
      "segments.until_at",
      "seal.signature",
    ])
    .select((row) => row("segments.state", "=", sql.lit("dropped")).as("dropped"));
  const rows = registry.all(segment === undefined ? select : select.where("seal.segment", "=", segment));
  return rows.map(([number, writer, first, last, hash, untilAt, signature, dropped]) => ({
    segment: Number(number),
    writer: String(writer),
    first: Number(first),
    last: Number(last),
    hash: String(hash),
    untilAt: Number(untilAt),
    signature: String(signature),
    isDropped: dropped === 1,
  }));
}
