import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import manifest from "../package.json" with { type: "json" };

/** Where the server runs and where the load comes from. */
export interface Cores {
  readonly server: number;
  readonly load: number;
  /** For a server behind the one that is measured: a third core where there is one, else that of the load. */
  readonly behind: number;
}

/** Takes the first two cores that this process may use; throws where the bench cannot separate the two. */
export function chooseCores(): Cores {
  if (process.platform !== "linux") throw new Error("The bench pins cores and reads /proc: it runs on Linux only.");
  const [server, load, behind] = allowedCores(readFileSync("/proc/self/status", "utf8"));
  if (server === undefined || load === undefined) {
    throw new Error("The bench needs two cores: one for the server, one for the load.");
  }
  return { server, load, behind: behind ?? load };
}

/** The cores that a process may use, by its `status` in /proc. */
export function allowedCores(status: string): number[] {
  return expandCoreList(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? "");
}

/** Reads the kernel's notation for a set of cores, such as `0-2,5`. */
export function expandCoreList(list: string): number[] {
  return list
    .split(",")
    .filter(Boolean)
    .flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

export interface Machine {
  readonly cpu: string;
  readonly coreCount: number;
  readonly cores: Cores;
  /** Two threads of one physical core share its units: figures from such a machine are lower and noisier. */
  readonly coresShareHardware: boolean;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly wrk: string;
  readonly packages: Readonly<Record<string, string>>;
}

export function describeMachine(cores: Cores, wrk: string): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    coreCount: cpus().length,
    cores,
    coresShareHardware: readSiblings(cores.server).includes(cores.load),
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    wrk,
    packages: manifest.dependencies,
  };
}

function readSiblings(core: number): number[] {
  try {
    const path = `/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`;
    return expandCoreList(readFileSync(path, "utf8").trim());
  } catch {
    return [core];
  }
}
