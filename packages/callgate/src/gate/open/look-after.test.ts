import { afterEach, expect, it, vi } from "vitest";
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

it.each([
  ["by itself no longer than a moment", 100, "backend_down"],
  ["as long as a command has patience that calls it once", 20_000, undefined],
])("[G3] what starts slowly is waited for %s", async (_how, patienceMs, expected) => {
  const start = () => new Promise<object>((resolve) => void setTimeout(resolve, 500, {}));
  gate = await openTestGate([workshop(() => "done", {}, { backend: { required: false, start } })], { patienceMs });
  expect(await code()).toBe(expected);
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
