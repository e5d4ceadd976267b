import type { TargetResult } from "./report.ts";

/** What the gate is to reach, and what it did reach in this run. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly isMet: boolean;
  /** The same ratio by CPU time a call, which other work on the machine disturbs less; it decides nothing. */
  readonly byCpu?: string;
}

/** Calls a second of the first, divided by those of the second. */
const speedGoals = [
  { target: "callgate", yardstick: "sdk", atLeast: 7 },
  { target: "callgate", yardstick: "tmcp", atLeast: 1.3 },
  { target: "callgate", yardstick: "raw-http", atLeast: 1 / 3 },
  { target: "callgate-write", yardstick: "callgate", atLeast: 0.5 },
  { target: "callgate-postgres", yardstick: "callgate", atLeast: 0.7 },
  { target: "callgate-write-postgres", yardstick: "callgate-write", atLeast: 0.4 },
] as const;

const mostCpuMicros = 55;

/** Judges what took part in the run; a goal whose targets did not is left out. */
export function judgeGoals(results: readonly TargetResult[]): readonly Goal[] {
  const byName = new Map(results.map((result) => [result.name, result]));
  const speeds = speedGoals.flatMap(({ target, yardstick, atLeast }) => {
    const [one, other] = [byName.get(target), byName.get(yardstick)];
    if (one === undefined || other === undefined) return [];
    const ratio = one.median.callsPerSecond / other.median.callsPerSecond;
    const byCpu = (other.median.cpuMicrosPerCall / one.median.cpuMicrosPerCall).toFixed(2);
    const what = `${target}, calls/s against ${yardstick}`;
    return [{ what, wanted: `≥ ${atLeast.toFixed(2)}`, reached: ratio.toFixed(2), isMet: ratio >= atLeast, byCpu }];
  });
  const cpu = byName.get("callgate")?.median.cpuMicrosPerCall;
  if (cpu === undefined) return speeds;
  const wanted = `< ${mostCpuMicros}`;
  return [...speeds, { what: "callgate, CPU µs a call", wanted, reached: cpu.toFixed(1), isMet: cpu < mostCpuMicros }];
}

export function toSentence({ what, wanted, reached, isMet, byCpu }: Goal): string {
  const sentence = `${isMet ? "met   " : "MISSED"} ${what}: ${reached} (${wanted})`;
  return byCpu === undefined ? sentence : `${sentence}; by CPU time ${byCpu}`;
}
