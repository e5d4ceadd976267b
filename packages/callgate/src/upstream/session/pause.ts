import type { Stop } from "../../define/stop.ts";

/** Waits; resolves at once where the signal aborts. Keeps no process alive. */
export function pause(ms: number, signal: Stop): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
