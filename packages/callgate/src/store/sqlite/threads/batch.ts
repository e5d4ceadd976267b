import type { StoreErrorCode } from "../../store-error.ts";

/** One operation on its way to a worker: flat, since arrays of primitives are the cheapest to hand over. */
export type Operation = readonly unknown[];

/** The index of an operation in its batch (or -1 for all of them), then why it failed. */
export type Failure = readonly [index: number, code: StoreErrorCode, message: string];

/**
 * A worker's answer to a batch: results in the order of the operations (null: none of them has one), the failures
 * (null: none), and whether there is housekeeping to do: a long write-ahead log, a full segment.
 */
export type BatchReply = readonly [
  results: readonly unknown[] | null,
  failures: readonly Failure[] | null,
  needsCare: boolean,
];

/** The last message to a worker: release everything and end. */
export const CLOSE = "close";
