// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import { describe, expect, it } from "vitest";
import { keyRow } from "./sample-rows.ts";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

/** What every store of keys promises (C3; SECURITY 9). */
export function describeKeys(declare: DeclareStore): void {
  describe("keys", () => {
    const host = useStore(declare);

    it("finds a key by its hash, its id and the write that made it", async () => {
      const row = keyRow("k1", { domains: ["bookings"], writeKey: "write-1", expiresAt: 5_000 });
      await host.store.keys.insert(row);
      await host.reopen();
      expect(await host.store.keys.byHash("hash-k1")).toEqual(row);
      expect(await host.store.keys.byId("k1")).toEqual(row);
      expect(await host.store.keys.byWriteKey("write-1")).toEqual(row);
      expect(await host.store.keys.byHash("hash-k2")).toBeUndefined();
    });

    it("refuses a second key of the same id or hash", async () => {
      await host.store.keys.insert(keyRow("k1"));
      await expect(host.store.keys.insert(keyRow("k2", { hash: "hash-k1" }))).rejects.toMatchObject({
        code: "store_conflict",
      });
      expect(await host.store.keys.list()).toHaveLength(1);
    });

    it("rotates once, with an overlap", async () => {
      const { keys } = host.store;
      await keys.insert(keyRow("k1"));
      await keys.rotate("k1", keyRow("k2", { createdAt: 2_000 }), 9_000);
      expect(await keys.byId("k1")).toMatchObject({ replacedBy: "k2", expiresAt: 9_000 });
      await expect(keys.rotate("k1", keyRow("k3"), 9_000)).rejects.toMatchObject({ code: "store_conflict" });
      await expect(keys.rotate("k9", keyRow("k3"), 9_000)).rejects.toMatchObject({ code: "store_conflict" });
      await keys.revoke("k2", 3_000);
      await expect(keys.rotate("k2", keyRow("k3"), 9_000)).rejects.toMatchObject({ code: "store_conflict" });
      expect((await keys.list()).map(({ id }) => id)).toEqual(["k1", "k2"]);
    });

    it("rotates whole, or not at all", async () => {
      const { keys } = host.store;
      await keys.insert(keyRow("k1"));
      await expect(keys.rotate("k1", keyRow("k2"), 9_000.5)).rejects.toMatchObject({ name: "StoreError" });
      expect((await keys.list()).map(({ id, replacedBy }) => [id, replacedBy])).toEqual([["k1", undefined]]);
    });

    it("revokes once", async () => {
      const { keys } = host.store;
      await keys.insert(keyRow("k1"));
      expect(await keys.revoke("k1", 2_000)).toBe(true);
      expect(await keys.revoke("k1", 3_000)).toBe(false);
      expect(await keys.revoke("k2", 3_000)).toBe(false);
      expect(await keys.byId("k1")).toMatchObject({ revokedAt: 2_000 });
    });

    it("notes uses without saying that keys have changed", async () => {
      const { keys } = host.store;
      await keys.insert(keyRow("k1"));
      const version = keys.version();
      await keys.touch(new Map([["k1", 4_000]]));
      expect(await keys.byId("k1")).toMatchObject({ lastUsedAt: 4_000 });
      expect(keys.version()).toBe(version);
    });

    it("tells its own changes at once, and those of another opening of the store soon", async () => {
      const { keys } = host.store;
      let told = 0;
      const forget = keys.onChange(() => {
        told += 1;
      });
      const before = keys.version();
      await keys.insert(keyRow("k1"));
      const own = keys.version();
      expect(own).toBeGreaterThan(before);
      expect(told).toBe(1);
      forget();
      const other = await declare(host.folder).open(storeOptions);
      await other.keys.revoke("k1", 2_000);
      await other.close();
      await expect.poll(() => keys.version()).toBeGreaterThan(own);
      expect(told).toBe(1);
      expect(await keys.byId("k1")).toMatchObject({ revokedAt: 2_000 });
    });
  });
}
