import { statSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { ChainHasher, chainKeyIdOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { openDatabase } from "../database/open-database.ts";
import type { Operation } from "../threads/batch.ts";
import { serveBatches } from "../threads/serve-batches.ts";
import { yieldToOthers } from "../threads/yield-to-others.ts";
import { registryPath, segmentPath } from "./audit-files.ts";
import { dropSegments } from "./drop-segments.ts";
import { erasePayload } from "./erase-payload.ts";
import { indexTexts } from "./index-texts.ts";
import { listSegments } from "./list-segments.ts";
import { sealNextSegment } from "./seal-segment.ts";
import { SegmentReaders } from "./segment-readers.ts";
import { SegmentRegistry } from "./segment-registry.ts";

/** What the housekeeping thread is started with. */
export interface KeeperWorkerData {
  readonly folder: string;
  readonly gatePath: string;
  readonly chainKey: Uint8Array;
  readonly chainKeyId: string;
  readonly olderChainKeys: ReadonlyMap<string, Uint8Array>;
}

const LONG_LOG_BYTES = 4 * 1024 * 1024;

serveBatches(() => {
  yieldToOthers();
  // The main thread starts this file with exactly this.
  const { folder, gatePath, chainKey, chainKeyId, olderChainKeys } = workerData as KeeperWorkerData;
  const registry = new SegmentRegistry(folder);
  const hasher = new ChainHasher(chainKey);

  const hasherOf = (writer: string): ChainHasher => {
    const id = chainKeyIdOf(writer);
    if (id === chainKeyId) return hasher;
    const key = olderChainKeys.get(id);
    if (key === undefined) throw new StoreError("store_invalid", `the chain key ${id} is not in the key ring`);
    return new ChainHasher(key);
  };
  const tend = (): void => {
    while (sealNextSegment({ folder, registry, hasher }));
    for (const path of [gatePath, segmentPath(folder, registry.open())]) checkpoint(path);
  };
  // One slice of the newest segment that has texts to index; gives the rows that are left in all of them.
  const indexSlice = (): number => {
    const readers = new SegmentReaders(folder);
    const reader = new DatabaseReader(registryPath(folder));
    const behind = listSegments(reader, readers).filter((segment) => segment.textRows < segment.rows);
    reader.close();
    readers.close();
    const [newest] = behind;
    if (newest === undefined) return 0;
    const left = behind.reduce((sum, segment) => sum + segment.rows - segment.textRows, 0);
    return Math.max(0, left - (indexTexts(folder, newest.number, registry) - newest.textRows));
  };

  // An operation's name says what its other members are; see audit-keeper.ts.
  const perform = (operation: Operation): unknown => {
    switch (operation[0]) {
      case "tend":
        return tend();
      case "index":
        return indexSlice();
      case "erase":
        return erasePayload({ folder, segment: operation[1] as number, position: operation[2] as number, hasherOf });
      case "drop":
        return dropSegments(folder, operation[1] as number, registry);
      default:
        throw new Error(`no such operation: ${String(operation[0])}`);
    }
  };

  return {
    run: ([operation]) => {
      try {
        return [[perform(operation as Operation)], null, false];
      } catch (error) {
        const code = error instanceof StoreError ? error.code : "store_unavailable";
        return [null, [[0, code, error instanceof Error ? error.message : String(error)]], false];
      }
    },
    close: () => registry.close(),
  };
});

// Moves most of a long log into its file; the writer does the small rest between two commits, and the log starts anew.
function checkpoint(path: string): void {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) < LONG_LOG_BYTES) return;
  const database = openDatabase(path);
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  database.close();
}
