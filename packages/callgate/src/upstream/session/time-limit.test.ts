import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { timeLimit } from "./time-limit.ts";

it("aborts with the other signal, with its reason, also where that came first", () => {
  const other = new AbortController();
  const limit = timeLimit(other.signal, 60_000);
  const reason = new Error("enough");
  other.abort(reason);
  expect(limit.signal.reason).toBe(reason);
  expect(timeLimit(other.signal, 60_000).signal.reason).toBe(reason);
});

it("aborts when the time is over", async () => {
  const { signal } = timeLimit(new AbortController().signal, 1);
  await new Promise((resolve) => {
    signal.addEventListener("abort", resolve);
  });
  expect(signal.reason).toMatchObject({ name: "TimeoutError" });
});

it("holds nothing of the other signal once it has ended, and aborts no more", () => {
  const other = new AbortController();
  const limits = Array.from({ length: 10 }, () => timeLimit(other.signal, 60_000));
  expect(getEventListeners(other.signal, "abort")).toHaveLength(10);
  for (const limit of limits) limit.end();
  expect(getEventListeners(other.signal, "abort")).toEqual([]);
  other.abort();
  expect(limits.map(({ signal }) => signal.aborted)).not.toContain(true);
});
