import { describe, expect, it } from "vitest";
import { type DeclareStore, useStore } from "./store-under-test.ts";

/** What every store promises of the processes that work on it (W2; SECURITY 33). */
export function describeProcesses(declare: DeclareStore): void {
  describe("processes", () => {
    const host = useStore(declare);

    it("are known by when they were heard of last", async () => {
      await host.store.processes.beat({ owner: "a", heardAt: 1_000 });
      await host.store.processes.beat({ owner: "b", heardAt: 2_000 });
      await host.store.processes.beat({ owner: "a", heardAt: 3_000 });
      await host.reopen();
      const known = await host.store.processes.list();
      expect(known.toSorted((one, other) => one.heardAt - other.heardAt)).toEqual([
        { owner: "b", heardAt: 2_000 },
        { owner: "a", heardAt: 3_000 },
      ]);
    });

    it("are taken on by one of many, and by another one where that falls silent too", async () => {
      const heard = { owner: "a", heardAt: 1_000 };
      await host.store.processes.beat(heard);
      const taken = await Promise.all(Array.from({ length: 20 }, () => host.store.processes.takeOn(heard, 2_000)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await host.store.processes.takeOn({ owner: "a", heardAt: 2_000 }, 3_000)).toBe(true);
      expect(await host.store.processes.takeOn({ owner: "nobody", heardAt: 2_000 }, 3_000)).toBe(false);
    });

    it("are forgotten when they have ended", async () => {
      await host.store.processes.beat({ owner: "a", heardAt: 1_000 });
      await host.store.processes.forget("a");
      await host.store.processes.forget("nobody");
      expect(await host.store.processes.list()).toEqual([]);
    });
  });
}
