// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import { afterEach, describe, expect, it } from "vitest";
import type { Store } from "../port.ts";
import type { HeardSignal, Signal } from "../signals-port.ts";
import { type DeclareStore, storeOptions, useStore } from "./store-under-test.ts";

/** What every store promises of signals between the processes on it (B6). */
export function describeSignals(declare: DeclareStore): void {
  describe("signals", () => {
    const host = useStore(declare);
    const others: Store[] = [];
    afterEach(async () => {
      for (const other of others.splice(0)) await other.close();
    });
    const openAgain = async (): Promise<Store> => {
      const other = await declare(host.folder).open(storeOptions);
      others.push(other);
      return other;
    };
    const taskUpdated = (task: string): Signal => ({ topic: "task-updated", task, subject: "person:ann" });

    it("reach this process at once, and every other one on the store, each once", async () => {
      const [second, third] = [await openAgain(), await openAgain()];
      const heard = [host.store, second, third].map(listenTo);
      const signals: readonly Signal[] = [
        { topic: "keys-changed" },
        { topic: "resource-updated", uri: "stays://rules", subject: "person:ann" },
        { topic: "lists-changed", lists: ["tools", "prompts"] },
      ];
      for (const signal of signals) host.store.signals.publish(signal);
      expect(heard[0]).toEqual(signals);
      second.signals.publish({ topic: "graduation-changed", domain: "stays" });
      // Those of different processes come in no order.
      for (const each of heard) await expect.poll(() => each).toHaveLength(4);
      for (const each of heard)
        expect(each).toEqual(expect.arrayContaining([...signals, { topic: "graduation-changed", domain: "stays" }]));
    });

    it("are told to those who listen by then, and to nobody who has stopped", async () => {
      const other = await openAgain();
      host.store.signals.publish(taskUpdated("early"));
      const forgotten: HeardSignal[] = [];
      const forget = other.signals.subscribe((heard) => void forgotten.push(heard));
      forget();
      const heard = listenTo(other);
      host.store.signals.publish(taskUpdated("late"));
      await expect.poll(() => heard).toContainEqual(taskUpdated("late"));
      expect(forgotten).toEqual([]);
    });

    it("come through a crowd of them as signals, or as the word that some were missed", async () => {
      const other = await openAgain();
      const heard = listenTo(other);
      for (let index = 0; index < 5_000; index += 1) host.store.signals.publish(taskUpdated(`t${index}`));
      await expect.poll(() => heard).toContainEqual({ topic: "missed" });
      host.store.signals.publish({ topic: "keys-changed" });
      await expect.poll(() => heard).toContainEqual({ topic: "keys-changed" });
      expect(heard.length).toBeLessThan(5_000);
    });

    it("that are too long are told as missed elsewhere", async () => {
      const other = await openAgain();
      const heard = listenTo(other);
      host.store.signals.publish({ topic: "resource-updated", uri: `stays://${"é".repeat(2_100)}` });
      await expect.poll(() => heard).toEqual([{ topic: "missed" }]);
    });

    it("are sent before the store closes, and go nowhere after", async () => {
      const other = await openAgain();
      const heard = listenTo(other);
      const closing = await openAgain();
      closing.signals.publish(taskUpdated("last"));
      await closing.close();
      closing.signals.publish(taskUpdated("after"));
      host.store.signals.publish({ topic: "keys-changed" });
      await expect.poll(() => heard).toContainEqual({ topic: "keys-changed" });
      await expect.poll(() => heard).toContainEqual(taskUpdated("last"));
      expect(heard).toHaveLength(2);
    });
  });
}

function listenTo(store: Store): HeardSignal[] {
  const heard: HeardSignal[] = [];
  store.signals.subscribe((each) => void heard.push(each));
  return heard;
}
