import { expect, test } from "vitest";
import { isWithout } from "../../packages/callgate/src/testing/is-without.ts";
import { chooseCores } from "./machine.ts";
import { ServerProcess } from "./server-process.ts";
import { targets } from "./targets.ts";

// Starting a server includes a check that it answers the call with the three rows, as value and as text.
test.skipIf(isWithout("Linux", process.platform === "linux")).each(targets)(
  "$name starts and answers rightly",
  async (target) => {
    const server = await ServerProcess.start(target, { core: chooseCores().server });
    const usage = server.readUsage();
    await server.stop();
    expect(usage.residentBytes).toBeGreaterThan(0);
    expect(server.readUsage().residentBytes).toBe(0);
  },
  90_000,
);
