import { parentPort } from "node:worker_threads";
import { StoreError } from "../../store-error.ts";
import { type BatchReply, CLOSE, type Operation } from "./batch.ts";
import type { WorkerGreeting } from "./start-worker.ts";

/** What a worker does with the batches it is sent. */
export interface BatchServer {
  run(operations: readonly Operation[]): BatchReply;
  close(): void;
}

/** Opens the worker's part, greets the main thread, and answers batches one after the other until told to end. */
export function serveBatches(open: () => BatchServer): void {
  const port = parentPort;
  if (port === null) throw new Error("this file is the entry of a worker thread");
  let server: BatchServer;
  try {
    server = open();
  } catch (error) {
    const code = error instanceof StoreError ? error.code : "store_unavailable";
    port.postMessage([
      "refused",
      code,
      String(error instanceof Error ? error.message : error),
    ] satisfies WorkerGreeting);
    return;
  }
  port.on("message", (message: readonly Operation[] | typeof CLOSE) => {
    if (message === CLOSE) {
      server.close();
      port.close();
      return;
    }
    port.postMessage(server.run(message));
  });
  port.postMessage(["ready"] satisfies WorkerGreeting);
}
