import { describe, expect, it } from "vitest";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

/** What every store promises of the key rings that it was used with (B6; SECURITY 15). */
export function describeRings(declare: DeclareStore): void {
  describe("key rings", () => {
    const host = useStore(declare);
    const join = (sealing: string, ...others: string[]) =>
      host.store.rings.join({ sealing, known: [sealing, ...others] }, 1_000);

    it("are told the newest key that they lack, also after the store was opened again", async () => {
      expect(await join("a")).toBeUndefined();
      await host.reopen();
      expect(await join("b")).toBe("a");
      expect(await join("b", "a")).toBeUndefined();
      expect(await join("a")).toBe("b");
    });

    it("that know a newer key go on sealing with theirs: it stays the newest", async () => {
      await join("a");
      await join("b", "a");
      expect(await join("a", "b")).toBeUndefined();
      expect(await join("c", "a")).toBe("b");
    });

    it("that nothing fits are adopted, once somebody has decided so", async () => {
      await join("a");
      await join("b", "a");
      await host.store.rings.adopt({ sealing: "c", known: ["c"] }, 2_000);
      expect(await join("c")).toBeUndefined();
      expect(await join("b", "a")).toBe("c");
      await host.store.rings.adopt({ sealing: "a", known: ["a"] }, 3_000);
      expect(await join("c")).toBe("a");
    });

    it("join one after the other: of two that nobody has seen, one is told of the other", async () => {
      const other = await declare(host.folder).open(storeOptions);
      const told = await Promise.all([join("a"), other.rings.join({ sealing: "b", known: ["b"] }, 1_000)]);
      await other.close();
      expect(told.filter((each) => each !== undefined)).toHaveLength(1);
    });
  });
}
