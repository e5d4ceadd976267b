import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isSealSigned, type RegisteredSeal } from "../../audit/check-chains.ts";
import type { HasherOf } from "../../audit-chain.ts";
import { sql } from "../../kysely.ts";
import { StoreError } from "../../store-error.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { registryPath } from "./audit-files.ts";
import type { SegmentRegistry } from "./segment-registry.ts";
import { readSeals } from "./segment-seals.ts";

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
    if (!seals.every((seal) => isOwn(seal, hasherOf))) {
      problems.push(new StoreError("store_invalid", `segment ${number} is kept: its seal is not signed by the gate`));
      continue;
    }
    if (seals.some(({ isDropped }) => !isDropped)) noteDropped(seals, registry, hasherOf);
    dropped.add(number);
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

function isOwn(seal: RegisteredSeal, hasherOf: HasherOf): boolean {
  const hasher = hasherOf(seal.writer);
  return hasher !== undefined && isSealSigned(seal, hasher);
}

function noteDropped(seals: readonly RegisteredSeal[], registry: SegmentRegistry, hasherOf: HasherOf): void {
  registry.transaction(() => {
    const sign = prepare(registry.database, updateSignature());
    const drop = prepare(registry.database, updateDropped());
    for (const seal of seals) {
      sign.run(seal.segment, seal.writer, hasherOf(seal.writer)?.signDrop(seal) ?? "");
      drop.run(seal.segment);
    }
  });
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
