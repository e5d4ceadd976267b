import { expect, test } from "vitest";
import { toSentence } from "../goals.ts";
import { type HopSample, judgeHops, summarizeHops, toHopTable } from "./hop-report.ts";
import { hopTargets } from "./hop-targets.ts";

function sampleOf(callsPerSecond: number, p50Micros: number): HopSample {
  const idle = { p50Micros: 1, p99Micros: 2, residentBytes: 1, serverBusy: 1, loadBusy: 0.5 };
  const load = { callsPerSecond, cpuMicrosPerCall: 1e6 / callsPerSecond, ...idle };
  return { load, steady: { calls: 1, p50Micros, p99Micros: p50Micros * 3 } };
}

function summarize(speeds: Readonly<Record<string, number>>): ReturnType<typeof summarizeHops> {
  const taking = hopTargets.filter(({ name }) => speeds[name] !== undefined);
  return summarizeHops(
    new Map(taking.map((way) => [way, [sampleOf(speeds[way.name] ?? 0, 1e6 / (speeds[way.name] ?? 1))]])),
  );
}

test("says what is met and what is missed, each against its like", () => {
  const results = summarize({
    callgate: 12_000,
    "mcp-proxy": 3_000,
    "callgate-stdio": 8_000,
    "mcp-proxy-stdio": 1_000,
  });
  expect(judgeHops(results).map(toSentence)).toEqual([
    "met    callgate, CPU µs a call: 83.3 (< 100)",
    "MISSED callgate, calls/s against mcp-proxy: 4.00 (≥ 5); by CPU time 4.00",
    "met    callgate-stdio, calls/s against mcp-proxy-stdio: 8.00 (≥ 5); by CPU time 8.00",
  ]);
});

test("judges nothing that did not take part", () => {
  expect(judgeHops(summarize({ direct: 50_000, nginx: 30_000 }))).toEqual([]);
});

test("the table says what a hop adds to the direct way", () => {
  const row = toHopTable(summarize({ direct: 50_000, callgate: 10_000 }))
    .split("\n")
    .at(-1);
  expect(
    row
      ?.split("|")
      .map((cell) => cell.trim())
      .slice(-3, -1),
  ).toEqual(["80", "240"]);
});
