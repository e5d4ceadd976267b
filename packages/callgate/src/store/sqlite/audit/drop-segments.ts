import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { parameter, prepare, queries } from "../database/queries.ts";
import type { SegmentRegistry } from "./segment-registry.ts";

/** Drops sealed segments whose last row is older; the signed ends of their chains stay, so that the rest still proves. */
export function dropSegments(folder: string, before: number, registry: SegmentRegistry): void {
  registry.transaction(() => prepare(registry.database, updateDropped()).run(before));
  // The statement returns arrays, which the types of node:sqlite do not know.
  const dropped = prepare(registry.database, selectDropped()).all() as unknown as [number][];
  removeFiles(folder, new Set(dropped.map(([number]) => number)));
}

// Those of earlier drops too: a crash, or a file that could not be removed, may have left some of them.
function removeFiles(folder: string, segments: ReadonlySet<number>): void {
  const problems: unknown[] = [];
  for (const name of readdirSync(folder)) {
    if (!segments.has(Number.parseInt(name, 10))) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
}

function updateDropped() {
  return queries
    .updateTable("segments")
    .set({ state: sql.lit("dropped") })
    .where("state", "=", sql.lit("sealed"))
    .where("until_at", "<", parameter<number>(1));
}

function selectDropped() {
  return queries.selectFrom("segments").select("number").where("state", "=", sql.lit("dropped"));
}
