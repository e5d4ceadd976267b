import { setTimeout as wait } from "node:timers/promises";
import { StoreError } from "../../store-error.ts";
import { PostgresFailure } from "./postgres-failure.ts";

/** For how long an operation is tried, in milliseconds. */
export interface Patience {
  /** One that has not been sent waits so long for a server that does not answer. */
  readonly unsentMs: number;
  /** So long the store tries to find out what became of one whose answer was lost. */
  readonly inDoubtMs: number;
}

const PATIENCE: Patience = { unsentMs: 3_000, inDoubtMs: 15_000 };
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 500;

/**
 * Does what may be done twice until it is done: `work` must find what an earlier attempt of its own has left, and is told
 * whether there was one. A server that is away is waited for a while. Rejects with `store_unavailable` where nothing was
 * recorded, with `store_in_doubt` where that cannot be known.
 */
export async function persist<Result>(
  work: (isRepeat: boolean) => Promise<Result>,
  { unsentMs, inDoubtMs }: Patience = PATIENCE,
): Promise<Result> {
  const started = performance.now();
  let pause = FIRST_WAIT_MS;
  let inDoubt = false;
  let isRepeat = false;
  for (;;) {
    try {
      return await work(isRepeat);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const aftermath = error instanceof PostgresFailure ? error.aftermath : "refused";
      inDoubt ||= aftermath === "in-doubt";
      // That this attempt did nothing says nothing of the one whose answer was lost.
      if (aftermath === "refused" && !(inDoubt && saysNothing(error))) throw error;
      isRepeat = true;
      const waited = performance.now() - started;
      const isOver = waited > (inDoubt ? inDoubtMs : unsentMs) || error.code === "store_closed";
      if (isOver && inDoubt) throw new StoreError("store_in_doubt", error.message, { cause: error });
      if (isOver) throw error;
      if (aftermath === "undone") continue;
    }
    await wait(pause);
    pause = Math.min(pause * 2, LONGEST_WAIT_MS);
  }
}

function saysNothing({ code }: StoreError): boolean {
  return code === "store_unavailable" || code === "store_closed";
}
