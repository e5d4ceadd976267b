import { expect, test } from "vitest";
import { within } from "./within.ts";

test("[L3] what answers in time is taken, thrown or not, and its signal stays quiet", async () => {
  let given: AbortSignal | undefined;
  expect(await within(5_000, (signal) => ((given = signal), "now"))).toBe("now");
  expect(await within(5_000, async () => "soon")).toBe("soon");
  await expect(within(5_000, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(
    within(5_000, () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(given?.aborted).toBe(false);
});

test("[L3] what does not is given up, and told by its signal", async () => {
  const told = Promise.withResolvers<void>();
  const hangs = within(10, (signal) => {
    signal.addEventListener("abort", () => told.resolve());
    return new Promise(() => undefined);
  });
  await expect(hangs).rejects.toThrow("no answer within 10 ms");
  await told.promise;
});
