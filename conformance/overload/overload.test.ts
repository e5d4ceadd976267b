import { expect, test } from "vitest";
import { measureOverload } from "./measure-overload.ts";

// On a machine that does other things as well: shares of what the gate's own CPU has done, orders, and bounds that are far off.
test("ten times the load that it can take leaves a gate serving as much as before, within its memory, and well (SECURITY 34)", async () => {
  const { before, during, after } = await measureOverload({
    work: { computeUs: 1_000, waitMs: 0 },
    warmUpSeconds: 2,
    steadySeconds: 3,
    overloadSeconds: 12,
    connections: 32,
    deadlineMs: 5_000,
  });
  expect(during.offered / during.seconds).toBeGreaterThan((before.offered / before.seconds) * 5);
  expect(during.good).toBeGreaterThan(0);
  expect(during.goodPerCpuSecond / before.goodPerCpuSecond).toBeGreaterThan(0.6);
  expect(after.goodPerCpuSecond / before.goodPerCpuSecond).toBeGreaterThan(0.6);
  // Whoever is not served is told so, which on a quick machine is nobody; no connection is cut, no answer is anything else.
  expect([during.wrong, during.broken, after.refused, after.wrong, after.broken]).toEqual([0, 0, 0, 0, 0]);
  expect(during.rssMb - before.rssMb).toBeLessThan(500);
  // Health stands in nobody's line.
  const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;
  expect(during.healthMs.at(-1)).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(median(during.healthMs)).toBeLessThan(during.goodMs.p50);
}, 120_000);
