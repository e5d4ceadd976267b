import { setImmediate } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import { workshop } from "../testing/workshop.ts";

let gate: TestGate;
afterEach(() => gate.close());

/** A backend that breaks and says how it is as it is told, behind a gate whose own clock stands still. */
async function openWith(state: { works: boolean; saysWell: boolean }): Promise<{ runs: number; asked: number }> {
  const counts = { runs: 0, asked: 0 };
  const run = (): string => {
    counts.runs += 1;
    if (!state.works) throw new Error("broken");
    return "done";
  };
  const health = (): void => {
    counts.asked += 1;
    if (!state.saysWell) throw new Error("ill");
  };
  gate = await openTestGate([workshop(run, {}, { backend: { required: false, start: () => ({}), health } })], {
    clock: () => 1_790_000_000_000,
  });
  return counts;
}

const code = async (): Promise<string | undefined> => (await gate.call("do_work")).code;

it("[G3] a backend that was down at the start is served once it is up, though nobody asks how the gate is", async () => {
  const state = { works: true, saysWell: false };
  await openWith(state);
  expect(await code()).toBe("backend_down");
  state.saysWell = true;
  await vi.waitFor(async () => expect(await code()).toBeUndefined(), { timeout: 10_000, interval: 50 });
});

/** A gate that has started while its backend has not. */
async function openBeforeItsBackend(start: () => Promise<object>, tool: { readonly timeoutMs?: number } = {}) {
  gate = await openTestGate([workshop(() => "done", tool, { backend: { required: false, start } })], {
    patienceMs: 10,
  });
}

it("[B1] a call waits for a backend that is just being started", async () => {
  const start = Promise.withResolvers<object>();
  await openBeforeItsBackend(() => start.promise);
  const called = code();
  await setImmediate();
  start.resolve({});
  expect(await called).toBeUndefined();
  expect(await code()).toBeUndefined();
});

it("[B1] a call whose time is over before its backend has started is told that it is down", async () => {
  await openBeforeItsBackend(() => new Promise(() => undefined), { timeoutMs: 50 });
  const { texts } = await gate.call("do_work");
  expect(texts[0]).toContain("is still starting");
  expect(await code()).toBe("backend_down");
});

it("[B1] a write waits for what it plans with, and for what it is committed with", async () => {
  const starts = { read: Promise.withResolvers<object>(), write: Promise.withResolvers<object>() };
  const start = ({ access }: { access: "read" | "write" }) => starts[access].promise;
  const domain = workshop(() => "done", {}, { backend: { required: false, start } });
  domain.write("do_it", {
    description: "Does it, once for each key.",
    input: z.object({}),
    plan: () => ({ preview: {} }),
    commit: () => "done",
  });
  gate = await openTestGate([domain], { patienceMs: 10 });
  const called = gate.call("do_it");
  starts.read.resolve({});
  const states = async () => (await gate.gate.store.ledger.list({ limit: 9 })).rows.map(({ state }) => state);
  await vi.waitFor(async () => expect(await states()).toEqual(["running"]), { timeout: 4_000, interval: 20 });
  starts.write.resolve({});
  expect((await called).code).toBeUndefined();
  expect(await states()).toEqual(["done"]);
});

it("[B1] a call waits for no start once one has failed", async () => {
  let starts = 0;
  const first = Promise.withResolvers<object>();
  await openBeforeItsBackend(() => ((starts += 1) === 1 ? first.promise : new Promise(() => undefined)));
  const called = code();
  first.reject(new Error("no route"));
  expect(await called).toBe("backend_down");
  const isDown = expect.objectContaining({ message: "a backend is down; its tools are served as down" });
  await vi.waitFor(() => expect(gate.logged).toContainEqual(isDown), { timeout: 10_000, interval: 50 });
  await vi.waitFor(() => expect(starts).toBe(2), { timeout: 10_000, interval: 50 });
  expect(await code()).toBe("backend_down");
});

it("[G3] a backend that has broken is called again when it says that it is well, before the breaker's time", async () => {
  const state = { works: false, saysWell: true };
  await openWith(state);
  for (let call = 0; call < 5; call += 1) await code();
  state.saysWell = false;
  expect(await code()).toBe("backend_down");
  [state.works, state.saysWell] = [true, true];
  await vi.waitFor(async () => expect(await code()).toBeUndefined(), { timeout: 10_000, interval: 50 });
});

it("[G3] a backend that says it is well and breaks all the same is believed once", async () => {
  const counts = await openWith({ works: false, saysWell: true });
  for (let call = 0; call < 5; call += 1) await code();
  await vi.waitFor(() => expect(counts.asked).toBeGreaterThan(2), { timeout: 10_000, interval: 50 });
  await code();
  const asked = counts.asked;
  await vi.waitFor(() => expect(counts.asked).toBeGreaterThan(asked + 1), { timeout: 10_000, interval: 50 });
  expect(await code()).toBe("backend_down");
  expect(counts.runs).toBe(6);
});
