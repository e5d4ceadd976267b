import fc from "fast-check";
import { expect, test } from "vitest";
import { Breaker } from "./breaker.ts";

const after = (failures: number, clock: () => number): Breaker => {
  const breaker = new Breaker(clock);
  for (let failure = 0; failure < failures; failure += 1) breaker.failed();
  return breaker;
};

test("[G3] opens at the fifth failure in a row, and success begins the row anew", () => {
  let now = 0;
  expect(after(4, () => now).enter()).toBe(0);
  expect(after(5, () => now).enter()).toBe(10_000);
  const breaker = after(4, () => now);
  breaker.succeeded();
  for (let failure = 0; failure < 4; failure += 1) breaker.failed();
  expect(breaker.enter()).toBe(0);
  breaker.failed();
  now += 4_000;
  expect(breaker.enter()).toBe(6_000);
});

test("[G3] lets one call try each ten seconds, however many ask and whatever becomes of it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 100 }), (waits) => {
      let now = 0;
      const breaker = after(5, () => now);
      const tries: number[] = [];
      for (const wait of waits) {
        now += wait;
        if (breaker.enter() > 0) continue;
        tries.push(now);
        if (wait % 2 === 0) breaker.failed();
      }
      expect(tries.every((at, index) => at - (tries[index - 1] ?? 0) >= 10_000)).toBe(true);
      expect(tries.length > 0).toBe(now >= 10_000);
    }),
  );
});

test("[G3] believes a backend that says it is well once, until a call has succeeded", () => {
  const breaker = after(5, () => 0);
  breaker.heardOf();
  expect(breaker.enter()).toBe(0);
  expect(breaker.enter()).toBe(10_000);
  breaker.failed();
  breaker.heardOf();
  expect(breaker.enter()).toBe(10_000);
  breaker.succeeded();
  for (let failure = 0; failure < 5; failure += 1) breaker.failed();
  breaker.heardOf();
  expect(breaker.enter()).toBe(0);
});
