import { describe, expect, it } from "vitest";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const crm = (owner: string) => ({ name: "crm", owner });

/** What every store promises of credentials that rotate (C9). */
export function describeTokens(declare: DeclareStore): void {
  describe("credentials that rotate", () => {
    const host = useStore(declare);

    it("are there for every process, as they were put last", async () => {
      const { tokens } = host.store;
      expect(await tokens.get("crm")).toBeUndefined();
      await tokens.lease(crm("a"), 60_000);
      expect(await tokens.get("crm")).toMatchObject({ version: 0, sealed: undefined });
      expect(await tokens.put({ name: "crm", version: 0, sealed: bytes("one"), at: 1_000 })).toBe(true);
      expect(await tokens.put({ name: "crm", version: 1, sealed: bytes("two"), at: 2_000 })).toBe(true);
      const other = await declare(host.folder).open(storeOptions);
      const seen = await other.tokens.get("crm");
      await other.close();
      expect(seen).toEqual({ version: 2, sealed: bytes("two"), updatedAt: 2_000 });
    });

    it("are changed by nobody who has not seen the last change, nor where nobody has leased them", async () => {
      const { tokens } = host.store;
      expect(await tokens.put({ name: "crm", version: 0, sealed: bytes("x"), at: 1 })).toBe(false);
      await tokens.lease(crm("a"), 60_000);
      const puts = Array.from({ length: 20 }, (_, at) => ({ name: "crm", version: 0, sealed: bytes(`${at}`), at }));
      const done = await Promise.all(puts.map((put) => tokens.put(put)));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await tokens.get("crm")).toMatchObject({ version: 1, sealed: bytes(`${done.indexOf(true)}`) });
    });

    it("are leased by one at a time, until it releases them or its time is over", async () => {
      const { tokens } = host.store;
      const owners = Array.from({ length: 20 }, (_, index) => `o${index}`);
      const leased = await Promise.all(owners.map((owner) => tokens.lease(crm(owner), 60_000)));
      expect(leased.filter(Boolean)).toHaveLength(1);
      const holder = crm(owners[leased.indexOf(true)] ?? "");
      expect(await tokens.lease(holder, 60_000)).toBe(true);
      await tokens.release(crm("somebody else"));
      expect(await tokens.lease(crm("next"), 60_000)).toBe(false);
      await tokens.release(holder);
      expect(await tokens.lease(crm("next"), 1)).toBe(true);
      await expect.poll(() => tokens.lease(crm("last"), 60_000)).toBe(true);
      expect(await tokens.lease({ name: "another", owner: "next" }, 60_000)).toBe(true);
    });

    it("leave nothing behind when they are erased but their version", async () => {
      const { tokens } = host.store;
      await tokens.lease(crm("a"), 60_000);
      await tokens.put({ name: "crm", version: 0, sealed: bytes("one"), at: 1_000 });
      expect(await tokens.put({ name: "crm", version: 1, at: 2_000 })).toBe(true);
      await host.reopen();
      expect(await host.store.tokens.get("crm")).toEqual({ version: 2, sealed: undefined, updatedAt: 2_000 });
    });
  });
}
