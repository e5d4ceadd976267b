import { describe, expect, it } from "vitest";
import { Dice } from "../proof/dice.ts";
import { faultPoints } from "../replica/setting.ts";
import type { Strike } from "./fault.ts";
import { scheduleFaults } from "./schedule.ts";

const scheduled = (seed: number, store: "sqlite" | "postgres" = "sqlite"): readonly Strike[] =>
  scheduleFaults({ dice: new Dice(seed), ms: 60_000, replicas: 3, store, hasRedis: store === "postgres" });

describe("the schedule of faults", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(scheduled(7)).toEqual(scheduled(7));
    expect(scheduled(8)).not.toEqual(scheduled(7));
  });

  it.each(["sqlite", "postgres"] as const)(
    "has every kind of fault within a minute on %s, and every point of a write",
    (store) => {
      for (const seed of [1, 2, 3]) {
        const faults = scheduled(seed, store).map(({ fault }) => fault);
        const points = faults.flatMap((fault) => (fault.kind === "kill-at" ? [fault.point] : []));
        expect(new Set(points)).toEqual(new Set(faultPoints));
        const ofStore = store === "sqlite" ? ["full-disk"] : ["database", "redis"];
        const all = ["clock", "end", "kill", "kill-at", "outside", "pause", "slow-store", ...ofStore];
        expect([...new Set(faults.map(({ kind }) => kind))].toSorted()).toEqual(all.toSorted());
      }
    },
  );

  it("strikes replicas that there are, within the time of the run", () => {
    const strikes = scheduled(3);
    expect(strikes.every(({ at }) => at < 60_000)).toBe(true);
    expect(strikes.every(({ fault }) => !("replica" in fault) || [0, 1, 2].includes(fault.replica))).toBe(true);
  });
});
