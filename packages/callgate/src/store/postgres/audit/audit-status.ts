import type { AuditStatus } from "../../audit-port.ts";
import type { Connections } from "../database/connections.ts";
import type { Segment } from "./audit-segments.ts";

/**
 * Counts without reading the rows: chains have no gaps, so that their ends say how many rows there were, and the seals of
 * dropped partitions how many have gone.
 */
export async function auditStatus(connections: Connections, segments: readonly Segment[]): Promise<AuditStatus> {
  const [[recorded, dropped] = []] = await connections.run({
    name: "audit-counts",
    text: `SELECT (SELECT coalesce(sum(ordinal), 0)::bigint FROM audit_writers),
      (SELECT coalesce(sum(last_ordinal - first_ordinal + 1), 0)::bigint FROM audit_seals WHERE is_dropped)`,
  });
  const rows = Number(recorded) - Number(dropped);
  const kept = segments.filter(({ state }) => state !== "dropped");
  const sum = (of: (segment: Segment) => number): number => kept.reduce((total, segment) => total + of(segment), 0);
  return {
    rows,
    segments: kept.length,
    openRows: rows - sum((segment) => segment.rows),
    textIndexLag: Math.max(0, rows - sum((segment) => segment.textRows)),
  };
}
