import type { RegisteredSeal } from "../../audit/check-chains.ts";
import type { Row, RunStatement } from "../database/connections.ts";

/** Notes where a writer's chain stood at the end of a sealed or dropped partition. */
export async function writeSeal(run: RunStatement, seal: RegisteredSeal): Promise<void> {
  await run({
    text: `INSERT INTO audit_seals (segment, writer, first_ordinal, last_ordinal, last_hash, until_at, is_dropped, signature)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (segment, writer) DO UPDATE SET is_dropped = excluded.is_dropped, signature = excluded.signature`,
    values: [seal.segment, seal.writer, seal.first, seal.last, seal.hash, seal.untilAt, seal.isDropped, seal.signature],
  });
}

/** The seals of one partition. */
export async function readSeals(run: RunStatement, segment: number): Promise<readonly RegisteredSeal[]> {
  const rows = await run({
    text: `SELECT segment, writer, first_ordinal, last_ordinal, last_hash, until_at, is_dropped, signature
      FROM audit_seals WHERE segment = $1 ORDER BY writer`,
    values: [segment],
  });
  return rows.map(toSeal);
}

function toSeal([segment, writer, first, last, hash, untilAt, isDropped, signature]: Row): RegisteredSeal {
  return {
    segment: Number(segment),
    writer: String(writer),
    first: Number(first),
    last: Number(last),
    hash: String(hash),
    untilAt: Number(untilAt),
    isDropped: isDropped === true,
    signature: String(signature),
  };
}
