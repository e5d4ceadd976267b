import { expect, it } from "vitest";
import { LightSignal, type Stop, stopOf, toSignal } from "./stop.ts";

/** Of each kind: the signal, and what aborts it. */
const kinds: readonly (readonly [string, () => { readonly stop: Stop; readonly abort: (reason: Error) => void }])[] = [
  [
    "a signal",
    () => {
      const controller = new AbortController();
      return { stop: controller.signal, abort: (reason) => controller.abort(reason) };
    },
  ],
  [
    "a light one",
    () => {
      const stop = new LightSignal();
      return { stop, abort: (reason) => stop.abort(reason) };
    },
  ],
];

it.each(kinds)("%s tells its listeners once, and none that comes late or has left", (_kind, make) => {
  const { stop, abort } = make();
  const told: string[] = [];
  const leaving = (): void => void told.push("left");
  stop.addEventListener("abort", () => void told.push(`first, ${stop.aborted}`), { once: true });
  stop.addEventListener("abort", leaving, { once: true });
  stop.addEventListener("abort", () => void told.push("second"));
  stop.removeEventListener("abort", leaving);
  expect([stop.aborted, stop.reason]).toEqual([false, undefined]);
  const [reason, other] = [new Error("over"), new Error("over again")];
  abort(reason);
  abort(other);
  stop.addEventListener("abort", () => void told.push("late"));
  expect(told).toEqual(["first, true", "second"]);
  expect([stop.aborted, stop.reason]).toEqual([true, reason]);
});

it.each(kinds)("%s can be had as a signal, before and after", (_kind, make) => {
  const [early, late] = [make(), make()];
  const reason = new Error("over");
  const before = toSignal(early.stop);
  expect(before.aborted).toBe(false);
  early.abort(reason);
  late.abort(reason);
  const after = toSignal(late.stop);
  expect([before.reason, after.reason]).toEqual([reason, reason]);
  expect(toSignal(early.stop)).toBe(before);
});

it("a context of somebody else ends by its signal", () => {
  const { signal } = new AbortController();
  expect(stopOf({ signal })).toBe(signal);
});
