import type { Sample } from "./round.ts";

/** The middle value; of an even number, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError("There is no median of nothing.");
  return (lower + upper) / 2;
}

/** Takes the median of each figure by itself. */
export function medianSample(samples: readonly Sample[]): Sample {
  const of = (figure: keyof Sample): number => median(samples.map((sample) => sample[figure]));
  return {
    callsPerSecond: of("callsPerSecond"),
    cpuMicrosPerCall: of("cpuMicrosPerCall"),
    p50Micros: of("p50Micros"),
    p99Micros: of("p99Micros"),
    residentBytes: of("residentBytes"),
    serverBusy: of("serverBusy"),
    loadBusy: of("loadBusy"),
  };
}
