import { statSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { type ChainHasher, type ChainKeys, chainHashers, chainKeyIdOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import { openDatabase } from "../database/open-database.ts";
import type { Operation } from "../threads/batch.ts";
import { serveOneByOne } from "../threads/serve-one-by-one.ts";
import { yieldToOthers } from "../threads/yield-to-others.ts";
import { segmentPath } from "./audit-files.ts";
import { dropSegments } from "./drop-segments.ts";
import { erasePayload } from "./erase-payload.ts";
import { indexNextTexts } from "./index-texts.ts";
import { sealNextSegment } from "./seal-segment.ts";
import { SegmentRegistry } from "./segment-registry.ts";
import { trimHeads } from "./trim-heads.ts";

/** What the housekeeping thread is started with. */
export interface KeeperWorkerData extends ChainKeys {
  readonly folder: string;
  readonly gatePath: string;
}

const LONG_LOG_BYTES = 4 * 1024 * 1024;

serveOneByOne(() => {
  yieldToOthers();
  // The main thread starts this file with exactly this.
  const { folder, gatePath, ...keys } = workerData as KeeperWorkerData;
  const registry = new SegmentRegistry(folder);
  const hasherOf = chainHashers(keys);

  const knownHasherOf = (writer: string): ChainHasher => {
    const hasher = hasherOf(writer);
    if (hasher !== undefined) return hasher;
    throw new StoreError("store_invalid", `the chain key ${chainKeyIdOf(writer)} is not in the key ring`);
  };
  const tend = (): void => {
    while (sealNextSegment({ folder, registry, hasherOf: knownHasherOf }));
    trimHeads({ folder, registry, hasherOf });
    for (const path of [gatePath, segmentPath(folder, registry.open())]) checkpoint(path);
  };
  // An operation's name says what its other members are; see audit-keeper.ts.
  const perform = (operation: Operation): unknown => {
    switch (operation[0]) {
      case "tend":
        return tend();
      case "index":
        return indexNextTexts(folder, registry);
      case "erase":
        return erasePayload({
          folder,
          segment: operation[1] as number,
          position: operation[2] as number,
          hasherOf: knownHasherOf,
        });
      case "drop":
        return dropSegments({ folder, registry, hasherOf }, operation[1] as number);
      default:
        throw new Error(`no such operation: ${String(operation[0])}`);
    }
  };

  return {
    perform,
    close: () => registry.close(),
  };
});

// Moves most of a long log into its file; the writer does the small rest between two commits, and the log starts anew.
function checkpoint(path: string): void {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) < LONG_LOG_BYTES) return;
  const database = openDatabase(path);
  try {
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  } finally {
    database.close();
  }
}
