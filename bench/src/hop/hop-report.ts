import type { Goal } from "../goals.ts";
import type { SteadyResult } from "../load/steady-load.ts";
import { toMarkdownTable } from "../markdown-table.ts";
import { median, medianSample } from "../median.ts";
import type { Sample } from "../round.ts";
import type { HopTarget } from "./hop-targets.ts";

/** What one way did in one round. */
export interface HopSample {
  readonly load: Sample;
  readonly steady: SteadyResult;
}

export interface HopResult {
  readonly name: string;
  readonly about: string;
  readonly reaches: string;
  readonly median: Sample;
  /** At the steady rate, in microseconds. */
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly samples: readonly HopSample[];
}

export function summarizeHops(samples: ReadonlyMap<HopTarget, readonly HopSample[]>): HopResult[] {
  return [...samples].map(([{ name, about, reaches }, taken]) => ({
    name,
    about,
    reaches,
    median: medianSample(taken.map(({ load }) => load)),
    p50Micros: median(taken.map(({ steady }) => steady.p50Micros)),
    p99Micros: median(taken.map(({ steady }) => steady.p99Micros)),
    samples: taken,
  }));
}

/** The table for people: latency as what a hop adds to the direct way, where that took part. */
export function toHopTable(results: readonly HopResult[]): string {
  const direct = results.find(({ name }) => name === "direct");
  const added = (result: HopResult, figure: "p50Micros" | "p99Micros"): string =>
    direct === undefined || direct === result ? "-" : String(Math.round(result[figure] - direct[figure]));
  const titles = ["way", "behind it", "calls/s", "CPU µs/call", "busy", "p50 µs", "p99 µs", "added p50", "added p99"];
  const rows = results.map((result) => [
    result.name,
    result.reaches,
    String(Math.round(result.median.callsPerSecond)),
    result.median.cpuMicrosPerCall.toFixed(1),
    `${Math.round(result.median.serverBusy * 100)} %`,
    String(Math.round(result.p50Micros)),
    String(Math.round(result.p99Micros)),
    added(result, "p50Micros"),
    added(result, "p99Micros"),
  ]);
  return toMarkdownTable(titles, rows);
}

const mostCpuMicros = 100;
const timesMcpProxy = 5;
const pairs = [
  { gate: "callgate", peer: "mcp-proxy" },
  { gate: "callgate-stdio", peer: "mcp-proxy-stdio" },
] as const;

/** Judges what took part in the run; a goal whose ways did not is left out. */
export function judgeHops(results: readonly HopResult[]): readonly Goal[] {
  const of = (name: string): Sample | undefined => results.find((result) => result.name === name)?.median;
  const goals: Goal[] = [];
  const cpu = of("callgate")?.cpuMicrosPerCall;
  if (cpu !== undefined) {
    const wanted = `< ${mostCpuMicros}`;
    goals.push({ what: "callgate, CPU µs a call", wanted, reached: cpu.toFixed(1), isMet: cpu < mostCpuMicros });
  }
  for (const pair of pairs) {
    const [gate, peer] = [of(pair.gate), of(pair.peer)];
    if (gate === undefined || peer === undefined) continue;
    const ratio = gate.callsPerSecond / peer.callsPerSecond;
    goals.push({
      what: `${pair.gate}, calls/s against ${pair.peer}`,
      wanted: `≥ ${timesMcpProxy}`,
      reached: ratio.toFixed(2),
      isMet: ratio >= timesMcpProxy,
      byCpu: (peer.cpuMicrosPerCall / gate.cpuMicrosPerCall).toFixed(2),
    });
  }
  return goals;
}

/** What makes a row's calls a second doubtful: its CPU time a call still holds. */
export function findHopDoubts(results: readonly HopResult[]): string[] {
  return results
    .filter(({ median }) => median.serverBusy < 0.9)
    .map(
      ({ name, median }) =>
        `${name}: it worked only ${Math.round(median.serverBusy * 100)} % of the time and waited for the server or the load, which share a core on a machine with two.`,
    );
}
