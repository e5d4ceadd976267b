import type { Goal } from "./goals.ts";
import type { Machine } from "./machine.ts";
import { toMarkdownTable } from "./markdown-table.ts";
import { medianSample } from "./median.ts";
import type { Sample } from "./round.ts";
import type { Target } from "./targets.ts";

export interface TargetResult {
  readonly name: string;
  readonly about: string;
  readonly era: string;
  readonly median: Sample;
  /** Calls per second divided by those of the target named, in the same run. */
  readonly ratios: Readonly<Record<string, number>>;
  /** CPU time over all rounds, divided by all calls: what seldom happens, like sealing a segment, is in here. */
  readonly meanCpuMicrosPerCall: number;
  readonly samples: readonly Sample[];
}

export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly options: { readonly connections: number; readonly rounds: number; readonly seconds: number };
  readonly targets: readonly TargetResult[];
  readonly goals: readonly Goal[];
  /** By gate, how many segments of its audit were sealed during the run. */
  readonly sealed: Readonly<Record<string, number>>;
}

const yardsticks = ["raw-http", "sdk", "sdk-hoisted", "tmcp"];

/** Boils the samples of each target down to medians and to ratios against the yardsticks that took part. */
export function summarize(samples: ReadonlyMap<Target, readonly Sample[]>): TargetResult[] {
  const results = [...samples].map(([target, taken]) => ({ target, taken, median: medianSample(taken) }));
  const speedOf = new Map(results.map(({ target, median }) => [target.name, median.callsPerSecond]));
  return results.map(({ target, taken, median }) => ({
    name: target.name,
    about: target.about,
    era: target.era,
    median,
    ratios: Object.fromEntries(
      yardsticks.flatMap((name) => {
        const speed = speedOf.get(name);
        return speed === undefined ? [] : [[name, median.callsPerSecond / speed]];
      }),
    ),
    meanCpuMicrosPerCall: meanCpu(taken),
    samples: taken,
  }));
}

// Turns are equally long, so that calls a second weigh them.
function meanCpu(samples: readonly Sample[]): number {
  const sum = (of: (sample: Sample) => number): number => samples.reduce((total, sample) => total + of(sample), 0);
  return (
    sum(({ cpuMicrosPerCall, callsPerSecond }) => cpuMicrosPerCall * callsPerSecond) /
    sum(({ callsPerSecond }) => callsPerSecond)
  );
}

type Column = readonly [title: string, cell: (result: TargetResult) => string];

const ratioTo = (name: string): Column => [`× ${name}`, ({ ratios }) => ratios[name]?.toFixed(2) ?? "-"];
const percent = (share: number): string => `${Math.round(share * 100)} %`;

const columns: readonly Column[] = [
  ["target", ({ name }) => name],
  ["calls/s", ({ median }) => String(Math.round(median.callsPerSecond))],
  ...yardsticks.map(ratioTo),
  ["CPU µs/call", ({ median }) => median.cpuMicrosPerCall.toFixed(1)],
  ["CPU mean", ({ meanCpuMicrosPerCall }) => meanCpuMicrosPerCall.toFixed(1)],
  ["p50 ms", ({ median }) => (median.p50Micros / 1_000).toFixed(2)],
  ["p99 ms", ({ median }) => (median.p99Micros / 1_000).toFixed(2)],
  ["memory MB", ({ median }) => (median.residentBytes / 1e6).toFixed(0)],
  ["server busy", ({ median }) => percent(median.serverBusy)],
  ["load busy", ({ median }) => percent(median.loadBusy)],
];

/** The table for people. */
export function toTable(results: readonly TargetResult[]): string {
  return toMarkdownTable(
    columns.map(([title]) => title),
    results.map((result) => columns.map(([, cell]) => cell(result))),
  );
}

/** Sentences about what makes this run's figures doubtful; none, if nothing does. */
export function findDoubts(report: Report): string[] {
  const doubts = report.targets.flatMap(({ name, median }) => [
    ...(median.loadBusy > 0.9
      ? [`${name}: the load generator was busy ${percent(median.loadBusy)}; it may be the limit.`]
      : []),
    ...(median.serverBusy < 0.9
      ? [
          `${name}: the server had its core only ${percent(median.serverBusy)} of the time; something else ran there, or it waited.`,
        ]
      : []),
  ]);
  return report.machine.coresShareHardware ? [...doubts, "Both cores are threads of one physical core."] : doubts;
}
