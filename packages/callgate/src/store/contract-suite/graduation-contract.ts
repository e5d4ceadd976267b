// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import { describe, expect, it } from "vitest";
import { graduationOf, proofOf } from "./sample-rows.ts";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

/** What every store of proofs and graduations promises (W5). */
export function describeGraduations(declare: DeclareStore): void {
  describe("graduations", () => {
    const host = useStore(declare);

    it("keep every proof whole, and give the newest of each domain, whatever its clock said", async () => {
      const first = proofOf("proof-1", { at: 9_000 });
      const second = proofOf("proof-2", { at: 1_000, passed: false, gateVersion: "" });
      const other = proofOf("proof-3", { domain: "guests", outcomes: [] });
      for (const proof of [first, second, other]) await host.store.graduations.addProof(proof);
      await host.reopen();
      const { graduations } = host.store;
      expect(await graduations.proof("proof-1")).toEqual(first);
      expect(await graduations.proof("proof-9")).toBeUndefined();
      const newest = await graduations.newestProofs();
      expect(newest.toSorted((one, two) => one.domain.localeCompare(two.domain))).toEqual([second, other]);
    });

    it("take a proof once: a repeat neither changes it nor makes it newer", async () => {
      const { graduations } = host.store;
      await graduations.addProof(proofOf("proof-1"));
      await graduations.addProof(proofOf("proof-2"));
      const before = await graduations.version();
      await graduations.addProof(proofOf("proof-1", { passed: false }));
      expect(await graduations.newestProofs()).toEqual([proofOf("proof-2")]);
      expect(await graduations.proof("proof-1")).toEqual(proofOf("proof-1"));
      expect(await graduations.version()).toBe(before);
    });

    it("switch a tool on under one contract beside another, off under both, and on again", async () => {
      const { graduations } = host.store;
      const old = graduationOf("create_booking");
      const renewed = graduationOf("create_booking", { contractHash: "contract-2", at: 3_000, by: "person:ben" });
      const cancel = graduationOf("cancel_booking");
      for (const each of [cancel, old, renewed]) await graduations.graduate(each);
      await host.reopen();
      const { graduations: reopened } = host.store;
      expect(await reopened.list()).toEqual([cancel, old, renewed]);
      const withdrawal = { tool: "create_booking", at: 5_000, by: "person:cleo" };
      expect(await reopened.withdraw(withdrawal)).toBe(true);
      expect(await reopened.withdraw({ ...withdrawal, at: 6_000 })).toBe(false);
      const off = { withdrawnAt: 5_000, withdrawnBy: "person:cleo" };
      expect(await reopened.list()).toEqual([cancel, { ...old, ...off }, { ...renewed, ...off }]);
      const again = graduationOf("create_booking", { contractHash: "contract-2", proofId: "proof-2", at: 7_000 });
      await reopened.graduate(again);
      expect(await reopened.list()).toEqual([cancel, { ...old, ...off }, again]);
    });

    it("tell their own changes at once, and those of another opening of the store", async () => {
      const { graduations } = host.store;
      const versions = [await graduations.version()];
      await graduations.addProof(proofOf("proof-1"));
      versions.push(await graduations.version());
      const other = await declare(host.folder).open(storeOptions);
      await other.graduations.graduate(graduationOf("create_booking"));
      versions.push(await graduations.version());
      await other.graduations.withdraw({ tool: "create_booking", at: 1, by: "person:anna" });
      versions.push(await graduations.version());
      await other.close();
      expect(versions).toEqual([...new Set(versions)].toSorted((one, two) => one - two));
    });
  });
}
