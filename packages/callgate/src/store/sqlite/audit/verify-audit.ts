import type { ChainHasher, ChainHead, HasherOf } from "../../audit-chain.ts";
import type { AuditVerification } from "../../audit-port.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import { registryPath } from "./audit-files.ts";
import { newestHeads } from "./chain-heads.ts";
import { ChainWalk } from "./chain-walk.ts";
import { recordColumns } from "./row-columns.ts";
import { SegmentReaders } from "./segment-readers.ts";
import { isSealSigned, type RegisteredSeal, readSeals } from "./segment-seals.ts";

/** Walks every segment, and holds the chains against the signed heads and seals. */
export function verifyAudit(folder: string, hasherOf: HasherOf): AuditVerification {
  // Heads first: rows that are appended meanwhile lie behind them.
  const heads = newestHeads(folder, hasherOf);
  const registry = new DatabaseReader(registryPath(folder));
  const readers = new SegmentReaders(folder);
  const walk = new ChainWalk(hasherOf);
  let segments = 0;
  try {
    const registered = registry.all(queries.selectFrom("segments").select(["number", "state"]).orderBy("number"));
    for (const [index, [value, state]] of registered.entries()) {
      const number = Number(value);
      // Asked for one by one: retention may drop segments while the ones before are walked.
      const seals = readSeals(registry, number);
      const isDropped = state === "dropped" || seals.some((seal) => seal.isDropped);
      if (number !== Number(registered[index - 1]?.[0] ?? 0) + 1) noteGone(walk, `what came before segment ${number}`);
      if (isDropped && seals.length === 0) noteGone(walk, `segment ${number}`);
      if (!isDropped) {
        walkSegment(walk, readers, number);
        segments += 1;
      }
      for (const seal of seals) checkSeal(walk, seal, hasherOf(seal.writer));
    }
    walk.end();
    for (const head of heads) checkHead(walk, head, hasherOf(head.writer));
    return { rows: walk.rows, writers: walk.writers, segments, faults: walk.faults };
  } finally {
    readers.close();
    registry.close();
  }
}

// Even a chain that began and ended in such a segment does not go unseen.
function noteGone(walk: ChainWalk, what: string): void {
  walk.fault({ writer: "", ordinal: 0, problem: "missing", detail: `${what} is gone, and nothing vouches for it` });
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

function checkSeal(walk: ChainWalk, seal: RegisteredSeal, hasher: ChainHasher | undefined): void {
  const { segment, writer, first, last, hash } = seal;
  const place = walk.placeOf(writer);
  const mismatch = (detail: string): void => walk.fault({ writer, ordinal: last, problem: "head-mismatch", detail });
  const missing = (detail: string): void =>
    walk.fault({ writer, ordinal: place.ordinal + 1, problem: "missing", detail });
  if (hasher !== undefined && !isSealSigned(seal, hasher)) {
    const what = seal.isDropped ? `that segment ${segment} was dropped` : `the seal of segment ${segment}`;
    mismatch(`${what} is not signed by the chain's key`);
  } else if (seal.isDropped) {
    if (place.ordinal < first - 1)
      missing(`segment ${segment} was dropped with rows from ${first} on, and those before end at ${place.ordinal}`);
    walk.skipTo(writer, last, hash);
  } else if (place.ordinal < last) {
    missing(`segment ${segment} was sealed with rows up to ${last} and has them up to ${place.ordinal}`);
  } else if (place.ordinal === last && place.hash !== hash) {
    mismatch(`segment ${segment} was sealed with another last row`);
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
