import type { MaybePromise } from "../define/maybe-promise.ts";

/** Asks somebody else's function, for so many milliseconds at most; its signal ends then. */
export async function within<Value>(ms: number, ask: (signal: AbortSignal) => MaybePromise<Value>): Promise<Value> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms < 2_000 ? `${ms} ms` : `${ms / 1_000} seconds`}`));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([ask(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
