import { sql } from "kysely";
import type { ChainHasher, ChainHead, HasherOf } from "../../audit-chain.ts";
import type { AuditVerification } from "../../audit-port.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import { registryPath } from "./audit-files.ts";
import { newestHeads } from "./chain-heads.ts";
import { ChainWalk } from "./chain-walk.ts";
import { recordColumns } from "./row-columns.ts";
import { SegmentReaders } from "./segment-readers.ts";

interface Seal {
  readonly segment: number;
  readonly writer: string;
  readonly first: number;
  readonly last: number;
  readonly hash: string;
  readonly signature: string;
  readonly isDropped: boolean;
}

/** Walks every segment, and holds the chains against the signed heads and seals. */
export function verifyAudit(folder: string, hasherOf: HasherOf): AuditVerification {
  // Heads first: rows that are appended meanwhile lie behind them.
  const heads = newestHeads(folder, hasherOf);
  const registry = new DatabaseReader(registryPath(folder));
  const readers = new SegmentReaders(folder);
  const walk = new ChainWalk(hasherOf);
  try {
    const seals = readSeals(registry);
    const numbers = registry.all(queries.selectFrom("segments").select(["number", "state"]).orderBy("number"));
    for (const [number, state] of numbers) {
      const own = seals.filter((seal) => seal.segment === number);
      if (state !== "dropped") walkSegment(walk, readers, Number(number));
      for (const seal of own) checkSeal(walk, seal, hasherOf(seal.writer));
    }
    walk.end();
    for (const head of heads) checkHead(walk, head, hasherOf(head.writer));
    const segments = numbers.filter(([, state]) => state !== "dropped").length;
    return { rows: walk.rows, writers: walk.writers, segments, faults: walk.faults };
  } finally {
    readers.close();
    registry.close();
  }
}

function walkSegment(walk: ChainWalk, readers: SegmentReaders, number: number): void {
  try {
    const rows = readers.rows(number);
    const select = queries.selectFrom("rows").select(recordColumns).orderBy("position");
    for (const values of rows?.iterate(select) ?? []) walk.row(values);
  } catch (error) {
    walk.fault({
      writer: "",
      ordinal: 0,
      problem: "unreadable",
      detail: `segment ${number}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function checkSeal(walk: ChainWalk, seal: Seal, hasher: ChainHasher | undefined): void {
  const { segment, writer, last, hash } = seal;
  if (hasher !== undefined && hasher.signSeal(seal) !== seal.signature) {
    walk.fault({
      writer,
      ordinal: last,
      problem: "head-mismatch",
      detail: `the seal of segment ${segment} is not signed by the chain's key`,
    });
    return;
  }
  const place = walk.placeOf(writer);
  if (seal.isDropped) {
    walk.skipTo(writer, last, hash);
  } else if (place.ordinal < last) {
    const detail = `segment ${segment} was sealed with rows up to ${last} and has them up to ${place.ordinal}`;
    walk.fault({ writer, ordinal: place.ordinal + 1, problem: "missing", detail });
  } else if (place.ordinal === last && place.hash !== hash) {
    walk.fault({
      writer,
      ordinal: last,
      problem: "head-mismatch",
      detail: `segment ${segment} was sealed with another last row`,
    });
  }
}

function checkHead(walk: ChainWalk, head: ChainHead, hasher: ChainHasher | undefined): void {
  const { writer, ordinal } = head;
  if (hasher === undefined) return;
  if (!hasher.isSigned(head)) {
    walk.fault({ writer, ordinal, problem: "head-mismatch", detail: "the head is not signed by the chain's key" });
    return;
  }
  const place = walk.placeOf(writer);
  if (place.ordinal < ordinal) {
    walk.fault({
      writer,
      ordinal,
      problem: "head-mismatch",
      detail: `a head was signed at ${ordinal}, and the rows end at ${place.ordinal}`,
    });
  } else if (place.ordinal === ordinal && place.hash !== head.hash) {
    walk.fault({ writer, ordinal, problem: "head-mismatch", detail: "the last row is not the one that was signed" });
  }
}

function readSeals(registry: DatabaseReader): readonly Seal[] {
  const rows = registry.all(
    queries
      .selectFrom("segment_writers as seal")
      .innerJoin("segments", "segments.number", "seal.segment")
      .select([
        "seal.segment",
        "seal.writer",
        "seal.first_ordinal",
        "seal.last_ordinal",
        "seal.last_hash",
        "seal.signature",
      ])
      .select((row) => row("segments.state", "=", sql.lit("dropped")).as("dropped")),
  );
  return rows.map(([segment, writer, first, last, hash, signature, dropped]) => ({
    segment: Number(segment),
    writer: String(writer),
    first: Number(first),
    last: Number(last),
    hash: String(hash),
    signature: String(signature),
    isDropped: dropped === 1,
  }));
}
