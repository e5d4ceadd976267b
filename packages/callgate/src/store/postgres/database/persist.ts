import { setTimeout as wait } from "node:timers/promises";
import { StoreError } from "../../store-error.ts";
import { PostgresFailure } from "./postgres-failure.ts";

/** Milliseconds that an operation which has not been sent waits for a server that does not answer. */
const PATIENCE_MS = 3_000;
/** Milliseconds for which the store tries to find out what became of an operation whose answer was lost. */
const DOUBT_MS = 15_000;
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 500;

/**
 * Does what may be done twice until it is done: `work` must find what an earlier attempt of its own has left, and is told
 * whether there was one. A server that is away is waited for a while. Rejects with `store_unavailable` where nothing was
 * recorded, with `store_in_doubt` where that cannot be known.
 */
export async function persist<Result>(work: (isRepeat: boolean) => Promise<Result>): Promise<Result> {
  const started = performance.now();
  let pause = FIRST_WAIT_MS;
  let inDoubt = false;
  let isRepeat = false;
  for (;;) {
    try {
      return await work(isRepeat);
    } catch (error) {
      if (!(error instanceof PostgresFailure) || error.aftermath === "refused") throw error;
      inDoubt ||= error.aftermath === "in-doubt";
      isRepeat = true;
      const waited = performance.now() - started;
      if (inDoubt && waited > DOUBT_MS) throw new StoreError("store_in_doubt", error.message, { cause: error });
      if (!inDoubt && waited > PATIENCE_MS) throw error;
      if (error.aftermath === "undone") continue;
    }
    await wait(pause);
    pause = Math.min(pause * 2, LONGEST_WAIT_MS);
  }
}
