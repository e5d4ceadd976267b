import { readdirSync, readFileSync } from "node:fs";
import { allowedCores } from "./machine.ts";

// Linux reports process times in hundredths of a second to every program, whatever its own clock.
const microsPerTick = 10_000;

export interface GroupUsage {
  /** User and system time of every thread and child so far. */
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

/** Adds up what all processes of a process group have used; with `core`, of those that are pinned to it. */
export function readGroupUsage(group: number, core?: number): GroupUsage {
  let cpuMicros = 0;
  let residentBytes = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = readStat(pid);
    if (stat?.group !== group) continue;
    const status = readIfAlive(`/proc/${pid}/status`) ?? "";
    if (core !== undefined && !isPinnedTo(core, status)) continue;
    cpuMicros += stat.ticks * microsPerTick;
    residentBytes += residentBytesOf(status);
  }
  return { cpuMicros, residentBytes };
}

function readStat(pid: string): { group: number; ticks: number } | undefined {
  const text = readIfAlive(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The program's name stands in brackets and may hold spaces; numbered fields start after it, with the third.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  const [utime, stime, childrenUtime, childrenStime] = [field(14), field(15), field(16), field(17)];
  return { group: field(5), ticks: utime + stime + childrenUtime + childrenStime };
}

function residentBytesOf(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}

function isPinnedTo(core: number, status: string): boolean {
  const cores = allowedCores(status);
  return cores.length === 1 && cores[0] === core;
}

function readIfAlive(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
