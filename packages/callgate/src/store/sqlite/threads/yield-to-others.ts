import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** Lets every other thread go first: housekeeping must not take the processor from calls. Linux only; elsewhere nothing happens. */
export function yieldToOthers(): void {
  if (process.platform !== "linux") return;
  try {
    // Linux gives priorities to threads; this link names the calling thread: "<process>/task/<thread>".
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(thread, 10);
  } catch {
    // Without /proc, or where the priority may not be changed, housekeeping runs at the priority of the rest.
  }
}
