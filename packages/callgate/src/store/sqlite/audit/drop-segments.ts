import { rmSync } from "node:fs";
import { sql } from "kysely";
import { parameter, prepare, queries } from "../database/queries.ts";
import { databaseFiles, segmentPath, textIndexPath } from "./audit-files.ts";
import type { SegmentRegistry } from "./segment-registry.ts";

/** Drops sealed segments whose last row is older; the signed ends of their chains stay, so that the rest still proves. */
export function dropSegments(folder: string, before: number, registry: SegmentRegistry): number {
  const dropped = registry.transaction(() => prepare(registry.database, updateDropped()).all(before));
  for (const row of dropped) {
    // The statement returns arrays, which the types of node:sqlite do not know.
    const [number] = row as unknown as [number];
    for (const path of [segmentPath(folder, number), textIndexPath(folder, number)]) {
      for (const file of databaseFiles(path)) rmSync(file, { force: true });
    }
  }
  return dropped.length;
}

function updateDropped() {
  return queries
    .updateTable("segments")
    .set({ state: sql.lit("dropped") })
    .where("state", "=", sql.lit("sealed"))
    .where("until_at", "<", parameter<number>(1))
    .returning("number");
}
