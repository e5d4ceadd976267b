import type { Stop } from "../../define/stop.ts";

/** Waits for work that others may share, as long as the signal lets: then the work goes on, and this rejects with `toError`. */
export function waitFor<Value>(work: Promise<Value>, signal: Stop, toError: () => Error): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(toError());
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
