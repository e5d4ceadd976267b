import { inspect } from "node:util";
import type { CallLog } from "../define/context.ts";

/**
 * A promise of some tool that is rejected while nobody waits for it says nothing of all other calls: the log says it, masked,
 * and the gate goes on. After an exception that nobody caught nothing can be relied on: the process ends, and says why.
 */
export function outliveStrayErrors(log: CallLog): void {
  process.on("unhandledRejection", (reason) => {
    log.error("a promise that nobody waited for was rejected: some tool's code, or a library of its", {
      error: inspect(reason),
    });
  });
  process.on("uncaughtException", (error) => {
    log.error("the gate ends: nobody caught an exception", { error: inspect(error) });
    process.exit(1);
  });
}
