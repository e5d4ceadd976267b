import { isSealSigned } from "../../audit/check-chains.ts";
import type { HasherOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import type { Connections } from "../database/connections.ts";
import { rowsTable, SEGMENT_LOCK, type Segment, wordsTable } from "./audit-segments.ts";
import { readSeals, writeSeal } from "./segment-seals.ts";

/** Partitions that retention looks at, and the time before which their last call must lie. */
export interface DropWish {
  readonly segments: readonly Segment[];
  readonly before: number;
  readonly hasherOf: HasherOf;
}

/**
 * Drops sealed partitions whose last call is older. The ends of their chains stay, signed as those of a dropped partition,
 * so that the rest still proves. One whose seals are not the gate's own is kept, and said once the others are done.
 */
export async function dropSegments(connections: Connections, { segments, before, hasherOf }: DropWish): Promise<void> {
  const problems: unknown[] = [];
  for (const { number, state, untilAt, untilTime } of segments) {
    if (state !== "sealed" || (untilAt ?? untilTime) >= before) continue;
    try {
      await dropSegment(connections, number, hasherOf);
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
}

function dropSegment(connections: Connections, number: number, hasherOf: HasherOf): Promise<void> {
  return connections.transaction(async (run) => {
    await run({ text: "SELECT pg_advisory_xact_lock($1)", values: [SEGMENT_LOCK] });
    const [found] = await run({ text: "SELECT state FROM audit_segments WHERE number = $1", values: [number] });
    if (found?.[0] !== "sealed") return;
    for (const seal of await readSeals(run, number)) {
      const hasher = hasherOf(seal.writer);
      if (hasher === undefined || !isSealSigned(seal, hasher))
        throw new StoreError("store_invalid", `partition ${number} is kept: its seal is not signed by the gate`);
      await writeSeal(run, { ...seal, isDropped: true, signature: hasher.signDrop(seal) });
    }
    await run({ text: "UPDATE audit_segments SET state = 'dropped' WHERE number = $1", values: [number] });
    // Appends wait behind this for a moment: a reader that keeps the partition must not make it a long one.
    await run({ text: "SET LOCAL lock_timeout TO '500ms'" });
    await run({ text: `DROP TABLE ${rowsTable(number)}, ${wordsTable(number)}` });
  });
}
