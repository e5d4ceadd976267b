import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HasherOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { sql } from "../database/kysely.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { registryPath } from "./audit-files.ts";
import type { SegmentRegistry } from "./segment-registry.ts";
import { isSealSigned, type RegisteredSeal, readSeals } from "./segment-seals.ts";

export interface DropOptions {
  readonly folder: string;
  readonly registry: SegmentRegistry;
  readonly hasherOf: HasherOf;
}

/**
 * Drops sealed segments whose last row is older. The ends of their chains stay, signed as those of a dropped segment,
 * so that the rest still proves. A segment whose seals are not the gate's own is kept, and said once the others are done.
 */
export function dropSegments({ folder, registry, hasherOf }: DropOptions, before: number): void {
  const dropped = new Set<number>();
  const problems: unknown[] = [];
  for (const [number, seals] of sealsOf(folder)) {
    if (!seals.some(({ isDropped, untilAt }) => isDropped || untilAt < before)) continue;
    if (dropSegment(seals, registry, hasherOf)) dropped.add(number);
    else
      problems.push(new StoreError("store_invalid", `segment ${number} is kept: its seal is not signed by the gate`));
  }
  problems.push(...removeFiles(folder, dropped));
  if (problems.length > 0) throw problems[0];
}

function sealsOf(folder: string): ReadonlyMap<number, readonly RegisteredSeal[]> {
  const reader = new DatabaseReader(registryPath(folder));
  try {
    return Map.groupBy(readSeals(reader), ({ segment }) => segment);
  } finally {
    reader.close();
  }
}

function dropSegment(seals: readonly RegisteredSeal[], registry: SegmentRegistry, hasherOf: HasherOf): boolean {
  const signatures = seals.map((seal) => {
    const hasher = hasherOf(seal.writer);
    return hasher !== undefined && isSealSigned(seal, hasher) ? hasher.signDrop(seal) : undefined;
  });
  if (signatures.includes(undefined)) return false;
  registry.transaction(() => {
    const sign = prepare(registry.database, updateSignature());
    for (const [index, { segment, writer }] of seals.entries()) sign.run(segment, writer, signatures[index] ?? "");
    prepare(registry.database, updateDropped()).run(seals[0]?.segment ?? null);
  });
  return true;
}

// Those of earlier drops too: a crash, or a file that could not be removed, may have left some of them.
function removeFiles(folder: string, segments: ReadonlySet<number>): readonly unknown[] {
  const problems: unknown[] = [];
  for (const name of readdirSync(folder)) {
    if (!segments.has(Number.parseInt(name, 10))) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch (error) {
      problems.push(error);
    }
  }
  return problems;
}

function updateSignature() {
  return queries
    .updateTable("segment_writers")
    .set({ signature: parameter<string>(3) })
    .where("segment", "=", parameter<number>(1))
    .where("writer", "=", parameter<string>(2));
}

function updateDropped() {
  return queries
    .updateTable("segments")
    .set({ state: sql.lit("dropped") })
    .where("number", "=", parameter<number>(1));
}
