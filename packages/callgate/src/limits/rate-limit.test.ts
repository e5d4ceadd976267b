import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rate } from "../define/backend.ts";
import { parseRate, RateLimit } from "./rate-limit.ts";

/** As large as times of a real clock: sums of such numbers are rounded. */
const START = 1_764_000_000_000;

const rates = fc
  .tuple(fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom(0.5, 1.5, 7)), fc.constantFrom("s", "min", "h"))
  .map(([calls, unit]): Rate => `${calls}/${unit as "s"}`);
/** Milliseconds between calls: now and then at once, now and then after a pause. */
const pauses = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 100_000 })),
  {
    maxLength: 300,
  },
);

function limitOf(rate: Rate): { limit: RateLimit; clock: { now: number } } {
  const clock = { now: START };
  return { limit: new RateLimit(rate, () => clock.now), clock };
}

describe("a rate", () => {
  it("[G3] lets no more through in any time than may come at once, and what the time gives", () => {
    fc.assert(
      fc.property(rates, pauses, (rate, waits) => {
        const { limit, clock } = limitOf(rate);
        const { intervalMs = 0, burst = 0 } = parseRate(rate) ?? {};
        const passed: number[] = [];
        for (const wait of waits) {
          clock.now += wait;
          if (limit.take("ann") === undefined) passed.push(clock.now);
        }
        const tooMany = passed.flatMap((from, first) =>
          passed.slice(first).filter((at, more) => {
            const beyond = more + 1 - burst;
            return beyond * intervalMs > at - from + 0.1;
          }),
        );
        expect(tooMany).toEqual([]);
      }),
    );
  });

  it("[G3] says to the millisecond when it lets the next one through", () => {
    fc.assert(
      fc.property(rates, pauses, (rate, waits) => {
        const { limit, clock } = limitOf(rate);
        for (const wait of waits) {
          clock.now += wait;
          const left = limit.waitFor("ann");
          expect(limit.take("ann")?.afterMs ?? 0).toBe(left);
          if (left === 0) continue;
          clock.now += left - 1;
          expect(limit.take("ann")).toEqual({ by: "rate", afterMs: 1 });
          clock.now += 1;
          expect(limit.take("ann")).toBeUndefined();
        }
      }),
    );
  });

  it("[G3] lets come at once what its unit holds, and takes nothing from whom it refuses, nor from others", () => {
    const { limit, clock } = limitOf("60/min");
    for (let call = 0; call < 60; call += 1) expect(limit.take("ann")).toBeUndefined();
    for (let call = 0; call < 100; call += 1) expect(limit.take("ann")).toEqual({ by: "rate", afterMs: 1_000 });
    expect(limit.take("bob")).toBeUndefined();
    clock.now += 1_000;
    expect(limit.take("ann")).toBeUndefined();
    expect(limit.take("ann")?.afterMs).toBe(1_000);
  });

  it("[G3] keeps nobody out for longer than who has used up everything, though the clock is set back by a day", () => {
    const { limit, clock } = limitOf("60/min");
    for (let call = 0; call < 60; call += 1) limit.take("ann");
    clock.now -= 86_400_000;
    expect(limit.take("ann")).toEqual({ by: "rate", afterMs: 1_000 });
    clock.now += 1_000;
    expect([limit.take("ann"), limit.take("ann")?.afterMs]).toEqual([undefined, 1_000]);
  });

  it("[G3] takes from a quota with it, or from neither", () => {
    const { limit, clock } = limitOf("2/min");
    const quota = new RateLimit("3/min", () => clock.now);
    const takes = (key: string): unknown => limit.take(key, quota)?.by;
    expect([takes("ann"), takes("ann"), takes("ann"), takes("bob")]).toEqual([undefined, undefined, "rate", undefined]);
    expect([takes("bob"), takes("eve")]).toEqual(["quota", "quota"]);
    clock.now += 20_000;
    // One of the quota has come back, and bob lost nothing when it was refused.
    expect(takes("bob")).toBeUndefined();
    expect(quota.waitFor("all")).toBe(20_000);
  });

  it.each(["", "60", "/s", "0/s", "-1/min", "NaN/s", "Infinity/s", "60/day", "60/min/s", "often"])(
    "[G3] is not %j",
    (rate) => {
      expect(parseRate(rate)).toBeUndefined();
      expect(() => new RateLimit(rate as Rate, Date.now)).toThrow(/is not a rate/);
    },
  );
});

describe("a crowd of new callers", () => {
  it("[G3] is forgotten before the one who is refused: nobody is let off because many came", () => {
    const { limit, clock } = limitOf("10/h");
    for (let call = 0; call < 10; call += 1) limit.take("busy");
    for (let each = 0; each < 120_000; each += 1) {
      clock.now += 1;
      limit.take(`crowd ${each}`);
    }
    expect(limit.take("busy")?.afterMs).toBeGreaterThan(0);
  });

  it("[G3] is remembered for as long as there is room, and no longer", () => {
    const { limit, clock } = limitOf("1/h");
    for (let each = 0; each < 120_000; each += 1) {
      clock.now += 1;
      limit.take(`crowd ${each}`);
    }
    const held = Array.from({ length: 120_000 }, (_, each) => limit.waitFor(`crowd ${each}`) > 0).filter(
      Boolean,
    ).length;
    expect(held).toBeGreaterThan(40_000);
    expect(held).toBeLessThanOrEqual(50_000);
    expect(limit.waitFor("crowd 119999")).toBeGreaterThan(0);
  });
});
