import { ChainWalk } from "../../audit/chain-walk.ts";
import { checkHead, checkSeal, noteGone } from "../../audit/check-chains.ts";
import { recordColumns } from "../../audit/row-columns.ts";
import type { HasherOf } from "../../audit-chain.ts";
import type { AuditVerification } from "../../audit-port.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import { registryPath } from "./audit-files.ts";
import { newestHeads } from "./chain-heads.ts";
import { SegmentReaders } from "./segment-readers.ts";
import { readSeals } from "./segment-seals.ts";

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
