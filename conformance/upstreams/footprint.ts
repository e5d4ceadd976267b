import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A variable of the environment of children, by which they and what they start are found, whoever their parent is. */
export const MARK = `CALLGATE_TRIAL_${process.pid}`;

/** What this process holds of its machine. */
export interface Footprint {
  readonly descriptors: number;
  /** That it has started, or that those have. */
  readonly processes: number;
  /** Megabytes in use after everything was collected, in the heap and outside of it. */
  readonly memoryMb: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const hasProc = process.platform === "linux";

/** The longest deadline of a connection's own: the timer of one that is long over holds some bytes until then. */
const TIMERS_MS = 65_000;

/**
 * Once there are no more descriptors and processes than there were, or ten seconds have passed; and, where memory is
 * asked for, once no more of it is in use than that, or every timer has run. Descriptors and processes are counted on
 * Linux alone.
 */
export async function footprintOnceAt(most: Partial<Footprint>): Promise<Footprint> {
  const { descriptors = 0, processes = 0, memoryMb = Number.POSITIVE_INFINITY } = most;
  const begun = performance.now();
  for (let now = holdings(); performance.now() - begun < 10_000; now = holdings()) {
    if (now.descriptors <= descriptors && now.processes <= processes) break;
    await turn(50);
  }
  for (;;) {
    const inUse = await memoryInUse();
    if (inUse <= memoryMb || performance.now() - begun > TIMERS_MS) return { ...holdings(), memoryMb: inUse };
    await turn(2_000);
  }
}

async function memoryInUse(): Promise<number> {
  collect();
  // What is told that something was collected runs now, and lets go of more.
  await turn(50);
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

function turn(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

export function holdings(): Omit<Footprint, "memoryMb"> {
  if (!hasProc) return { descriptors: 0, processes: 0 };
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    processes: readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isOurs(name)).length,
  };
}

function isOurs(pid: string): boolean {
  try {
    // Its parent is the second number after the name, which may hold anything but ends with the last bracket.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
    return parent === String(process.pid) || readFileSync(`/proc/${pid}/environ`, "latin1").includes(MARK);
  } catch {
    return false;
  }
}
