import type { ChainHasher, ChainSeal } from "../../audit-chain.ts";
import type { DatabaseReader } from "../database/database-reader.ts";
import { sql } from "../database/kysely.ts";
import { queries } from "../database/queries.ts";

/** What the registry says of a chain in a sealed segment. */
export interface RegisteredSeal extends ChainSeal {
  readonly isDropped: boolean;
  readonly signature: string;
}

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

/** Whether the chain's key has signed that seal, or, where the segment is dropped, that it was to be. */
export function isSealSigned(seal: RegisteredSeal, hasher: ChainHasher): boolean {
  return seal.signature === (seal.isDropped ? hasher.signDrop(seal) : hasher.signSeal(seal));
}
