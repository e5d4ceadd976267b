import { expect, test } from "vitest";
import { judgeGoals, toSentence } from "./goals.ts";
import { summarize } from "./report.ts";
import type { Sample } from "./round.ts";
import { targets } from "./targets.ts";

function sampleOf(callsPerSecond: number): Sample {
  const idle = { p50Micros: 1, p99Micros: 2, residentBytes: 1, serverBusy: 1, loadBusy: 0.5 };
  return { callsPerSecond, cpuMicrosPerCall: 1e6 / callsPerSecond, ...idle };
}

function judge(speeds: Readonly<Record<string, number>>): readonly string[] {
  const taking = targets.filter(({ name }) => speeds[name] !== undefined);
  return judgeGoals(summarize(new Map(taking.map((target) => [target, [sampleOf(speeds[target.name] ?? 0)]])))).map(
    toSentence,
  );
}

test("says what is met and what is missed, with the figures", () => {
  expect(judge({ "raw-http": 60_000, callgate: 20_000, "callgate-write": 9_000, sdk: 2_900, tmcp: 15_000 })).toEqual([
    "MISSED callgate, calls/s against sdk: 6.90 (≥ 7.00); by CPU time 6.90",
    "met    callgate, calls/s against tmcp: 1.33 (≥ 1.30); by CPU time 1.33",
    "met    callgate, calls/s against raw-http: 0.33 (≥ 0.33); by CPU time 0.33",
    "MISSED callgate-write, calls/s against callgate: 0.45 (≥ 0.50); by CPU time 0.45",
    "met    callgate, CPU µs a call: 50.0 (< 55)",
  ]);
});

test("judges nothing that did not take part", () => {
  expect(judge({ sdk: 1_000, tmcp: 2_000 })).toEqual([]);
  expect(judge({ callgate: 10_000, tmcp: 2_000 })).toEqual([
    "met    callgate, calls/s against tmcp: 5.00 (≥ 1.30); by CPU time 5.00",
    "MISSED callgate, CPU µs a call: 100.0 (< 55)",
  ]);
});
