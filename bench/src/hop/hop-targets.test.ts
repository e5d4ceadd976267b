import { afterAll, beforeAll, expect, test } from "vitest";
import { isWithout } from "../../../packages/callgate/src/testing/is-without.ts";
import { ManyServers } from "../../../packages/callgate/src/upstream/testing/many-servers.ts";
import { chooseCores } from "../machine.ts";
import { ServerProcess } from "../server-process.ts";
import { findNginx } from "./ensure-nginx.ts";
import { hopTargets, upstreamTarget } from "./hop-targets.ts";
import { MANY, manyTarget } from "./many-target.ts";
import { placeVariables } from "./upstream-place.ts";

const withoutLinux = isWithout("Linux", process.platform === "linux");
const withoutNginx = isWithout("nginx", findNginx() !== undefined);
const ways = hopTargets.filter(({ name }) => name !== "nginx" || !withoutNginx);
let upstream: ServerProcess;
beforeAll(async () => {
  if (!withoutLinux) upstream = await ServerProcess.start(upstreamTarget, { core: chooseCores().behind });
}, 90_000);
afterAll(async () => {
  if (!withoutLinux) await upstream.stop();
});

// Starting includes a check that the call is answered with the three rows, as value and as text.
test.skipIf(withoutLinux).each(ways)(
  "$name reaches the server and answers rightly",
  async (way) => {
    const { server: core, behind } = chooseCores();
    const variables = placeVariables({ url: upstream.request.url, core: behind });
    const server = await ServerProcess.start(way, { core, variables });
    const { residentBytes } = server.readUsage();
    await server.stop();
    expect(residentBytes).toBeGreaterThan(0);
  },
  90_000,
);

test.skipIf(withoutLinux)(
  "a gate before fifty servers answers for them",
  async () => {
    const { server: core, behind } = chooseCores();
    const many = await ManyServers.start(MANY.servers, { tools: MANY.tools });
    const variables = placeVariables({ url: many.url(0), core: behind });
    const server = await ServerProcess.start(manyTarget, { core, variables });
    await server.stop();
    await many.close();
    expect(many.held).toBe(0);
  },
  90_000,
);
