import { StoreError } from "../../store-error.ts";
import type { BatchReply, Operation } from "./batch.ts";
import { type BatchServer, serveBatches } from "./serve-batches.ts";

/** A worker that answers one operation at a time: what it throws fails that operation alone. */
export interface SingleServer {
  perform(operation: Operation): unknown;
  close(): void;
}

/** Serves operations that are no transaction, such as searches; their channel sends them one by one. */
export function serveOneByOne(open: () => SingleServer): void {
  serveBatches((): BatchServer => {
    const server = open();
    return {
      run: (operations): BatchReply => {
        try {
          return [operations.map((operation) => server.perform(operation)), null, false];
        } catch (error) {
          const code = error instanceof StoreError ? error.code : "store_unavailable";
          return [null, [[0, code, error instanceof Error ? error.message : String(error)]], false];
        }
      },
      close: () => server.close(),
    };
  });
}
