import { randomBytes } from "node:crypto";
import { workerData } from "node:worker_threads";
import { ChainHasher } from "../../audit-chain.ts";
import type { BatchReply, Operation } from "../threads/batch.ts";
import { serveBatches } from "../threads/serve-batches.ts";
import { writeChainHead } from "./chain-heads.ts";
import { type ChainPlace, OpenSegment } from "./open-segment.ts";
import { SegmentRegistry } from "./segment-registry.ts";

/** What the appending thread is started with. */
export interface AppendWorkerData {
  readonly folder: string;
  readonly segmentRows: number;
  readonly chainKey: Uint8Array;
  readonly chainKeyId: string;
}

const HEAD_EVERY_MS = 10_000;

serveBatches(() => {
  // The main thread starts this file with exactly this.
  const { folder, segmentRows, chainKey, chainKeyId } = workerData as AppendWorkerData;
  const hasher = new ChainHasher(chainKey);
  const registry = new SegmentRegistry(folder);
  const openSegment = (number: number) => new OpenSegment(folder, number, { hasher, limit: segmentRows });
  let segment = openSegment(registry.open());
  let place: ChainPlace = { writer: `${chainKeyId}.${randomBytes(9).toString("base64url")}`, ordinal: 0, hash: "" };
  let signed = 0;

  const writeHead = (): void => {
    if (place.ordinal === signed) return;
    writeChainHead(folder, hasher.sign({ ...place, at: Date.now() }));
    signed = place.ordinal;
  };
  const moveOn = (): void => {
    const next = openSegment(registry.next(segment.number, segment.rows));
    segment.close();
    segment = next;
    attempt(writeHead);
  };
  const append = (operations: readonly Operation[]): BatchReply => {
    let hasMovedOn = false;
    for (;;) {
      if (segment.isFull) {
        moveOn();
        // Only now the registry says that there is a segment to seal.
        hasMovedOn = true;
      }
      const [after, reply] = segment.append(operations, place);
      if (reply === undefined) continue;
      place = after;
      return hasMovedOn ? [reply[0], reply[1], true] : reply;
    }
  };

  const heads = setInterval(() => attempt(writeHead), HEAD_EVERY_MS);
  return {
    run: (operations) => {
      try {
        return append(operations);
      } catch (error) {
        return [null, [[-1, "store_unavailable", error instanceof Error ? error.message : String(error)]], false];
      }
    },
    close: () => {
      clearInterval(heads);
      attempt(writeHead);
      segment.close();
      registry.close();
    },
  };
});

// A head that cannot be written now is written at the next turn: rows are durable without it.
function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    process.stderr.write(`callgate: a head of the audit chain could not be written: ${String(error)}\n`);
  }
}
