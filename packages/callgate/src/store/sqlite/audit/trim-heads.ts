import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import type { HasherOf } from "../../audit-chain.ts";
import { headsPath, trimmedHeadsPath } from "./audit-files.ts";
import { newestHeads, writeChainHeads } from "./chain-heads.ts";
import type { SegmentRegistry } from "./segment-registry.ts";

const LONG_FILE_BYTES = 1024 * 1024;

export interface TrimOptions {
  readonly folder: string;
  readonly registry: SegmentRegistry;
  readonly hasherOf: HasherOf;
}

/**
 * Takes from a long file of heads all but the newest of each writer. The long file is set aside, so that other
 * processes go on writing, and is removed only once what counts of it is in the new one: a crash loses none.
 */
export function trimHeads({ folder, registry, hasherOf }: TrimOptions): void {
  const long = headsPath(folder);
  const aside = trimmedHeadsPath(folder);
  const isLong = (): boolean => (statSync(long, { throwIfNoEntry: false })?.size ?? 0) > LONG_FILE_BYTES;
  if (!isLong() && !existsSync(aside)) return;
  // One process at a time.
  registry.transaction(() => {
    if (!existsSync(aside)) {
      if (!isLong()) return;
      renameSync(long, aside);
    }
    writeChainHeads(folder, newestHeads(folder, hasherOf));
    rmSync(aside);
  });
}
