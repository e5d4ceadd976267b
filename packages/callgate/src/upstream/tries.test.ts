import { expect, it } from "vitest";
import type { BackendHost } from "../define/backend-host.ts";
import { LiveUpstream } from "./live-upstream.ts";
import { ManagedConnection } from "./managed-connection.ts";
import { unreachable } from "./session/reply.ts";

it("[G3] a server that ends at once is tried later and later, though the gate connects anew each time", async () => {
  const tried: number[] = [];
  const upstream = new LiveUpstream("dead", { command: "dead" }, ({ name, tries }) => {
    const open = (): Promise<never> => {
      tried.push(performance.now());
      return Promise.reject(unreachable(name, false, { what: "has ended with exit code 3" }));
    };
    return new ManagedConnection({ name, most: 1, mostWaiting: 1, tries, open });
  });
  const start = () => upstream.start("read", {} as BackendHost);
  for (let each = 0; each < 5; each += 1) await expect(start()).rejects.toThrow("exit code 3");
  const [, again = 0, third = 0, fourth = 0, fifth = 0] = tried;
  // A timer may be a millisecond early.
  for (const [gap, least] of [
    [third - again, 250],
    [fourth - third, 500],
    [fifth - fourth, 1_000],
  ] as const)
    expect(gap).toBeGreaterThan(least - 5);
  await expect(start()).rejects.toThrow(/is tried again in 2 s: dead has ended with exit code 3\.$/);
  expect(tried).toHaveLength(5);
});
