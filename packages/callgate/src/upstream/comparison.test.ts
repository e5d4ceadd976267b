import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { ChangingServer } from "./testing/offering.ts";
import { serveModern } from "./testing/serve-http.ts";
import { upstream } from "./upstream.ts";

const find = { name: "find_contacts", inputSchema: { type: "object" } };

it("[G3] is made at once where a server tells of a change, and not each time that it goes on telling (SECURITY 26)", async () => {
  const folder = await mkdtemp(join(tmpdir(), "callgate-comparison-"));
  const served = await serveModern();
  const gate = await openTestGate([upstream("crm", { url: served.url, lockFile: join(folder, "callgate.lock.json") })]);
  try {
    const looks = (): number => served.seen.filter((headers) => headers["mcp-method"] === "tools/list").length;
    await vi.waitFor(() => expect(served.streams).toBe(1), { timeout: 20_000 });
    const before = looks();
    served.notifier.toolsChanged();
    await vi.waitFor(() => expect(looks()).toBe(before + 1), { timeout: 20_000 });
    const asked = performance.now();
    for (let told = 0; told < 200; told += 1) {
      served.notifier.toolsChanged();
      // Each goes out by itself.
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
    // One a second at most.
    expect(looks() - before).toBeLessThanOrEqual(2 + (performance.now() - asked) / 1_000);
  } finally {
    await gate.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
});

describe("[G2] a comparison that fails as a whole (SECURITY 21)", () => {
  let folder: string;
  let server: ChangingServer;
  let gate: TestGate;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "callgate-comparison-"));
    server = new ChangingServer(folder, { tools: [find] });
    gate = await openTestGate([upstream("crm", { ...server.address, lockFile: join(folder, "callgate.lock.json") })]);
  });
  afterEach(async () => {
    await gate.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("is logged, for until the next one nothing is found", async () => {
    server.offer({ tools: "none" as never });
    const failed = () => gate.logged.filter(({ message }) => message.includes("could not be compared"));
    await vi.waitFor(() => expect(failed()).not.toEqual([]), { timeout: 20_000 });
    expect(failed()).toMatchObject([{ level: "warn", fields: { upstream: "crm", problem: expect.any(String) } }]);
  });
});
