import { afterEach, expect, test, vi } from "vitest";
import { type Domain, defineDomain } from "../../define/domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

afterEach(() => void vi.useRealTimers());

function domainOf(name: string, stop: () => Promise<void>): Domain<object> {
  const backend = { start: () => ({}), stop };
  return defineDomain(name, { owner: "o", purpose: "p", concern: "c", backend });
}

test("[G3] backends are stopped together, and one that never stops keeps no gate open", async () => {
  const began = Promise.withResolvers<void>();
  const other = Promise.withResolvers<void>();
  const stuck = domainOf("rooms", () => {
    began.resolve();
    return new Promise(() => {});
  });
  const gate = await openTestGate([stuck, domainOf("beds", async () => other.resolve())]);
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const closing = gate.close();
  await began.promise;
  await other.promise;
  await vi.advanceTimersByTimeAsync(10_000);
  await closing;
  expect(gate.logged).toContainEqual(
    expect.objectContaining({
      level: "warn",
      message: "a backend did not stop",
      fields: expect.objectContaining({ domain: "rooms" }),
    }),
  );
});
