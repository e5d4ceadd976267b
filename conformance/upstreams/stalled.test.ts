import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineGate, type GateConfig, openGate, sqlite, upstream } from "callgate";
import { expect, it, onTestFinished, vi } from "vitest";
import { ManyServers } from "../../packages/callgate/src/upstream/testing/many-servers.ts";
import { callTool, connectTo } from "./caller.ts";

const SERVERS = 50;
const TOOLS = 20;
const STALLED = 17;

function configOf(many: ManyServers, folder: string): GateConfig {
  return defineGate({
    name: "many",
    domains: Array.from({ length: SERVERS }, (_, number) =>
      upstream(`server-${number}`, {
        url: many.url(number),
        reads: ["find_*"],
        modes: ["open"],
        lockFile: join(folder, "callgate.lock.json"),
        // Longer than this test takes: whoever waited for the stalled one would be seen.
        timeoutMs: 120_000,
      }),
    ),
    callers: { anonymous: { mode: "open" } },
    limits: { rate: "1000000/s" },
    graduation: "off",
    store: sqlite(join(folder, "gate.db")),
  });
}

it("[G3] of fifty servers one is stalled: the list is whole, and calls to the others are answered while calls to it hang", async () => {
  const folder = await mkdtemp(join(tmpdir(), "callgate-stalled-"));
  const many = await ManyServers.start(SERVERS, { tools: TOOLS });
  const gate = await openGate(configOf(many, folder));
  try {
    const client = await connectTo(gate);
    const listed = async (): Promise<number> =>
      (await client.listTools()).tools.filter(({ name }) => name.startsWith("find_")).length;
    expect(await listed()).toBe(SERVERS * TOOLS);

    many.stall(STALLED);
    const ended: number[] = [];
    const hanging = Array.from({ length: 30 }, async (_, call) => {
      await callTool(client, many.toolOf(STALLED, call % TOOLS)).finally(() => ended.push(call));
    });
    for (const call of hanging) call.catch(() => undefined);
    await vi.waitFor(() => expect(many.held).toBeGreaterThan(0), { timeout: 30_000 });

    for (let number = 0; number < SERVERS; number += 1) {
      if (number === STALLED) continue;
      expect(await callTool(client, many.toolOf(number, 3))).toMatchObject({ kind: "value" });
    }
    expect(await listed()).toBe(SERVERS * TOOLS);
    expect(ended).toEqual([]);
    await client.close();
  } finally {
    await many.close();
    await gate.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);

it("[G3] a gate starts while one of its servers is stalled, and serves the others and the whole list", async () => {
  const folder = await mkdtemp(join(tmpdir(), "callgate-stalled-"));
  const many = await ManyServers.start(SERVERS, { tools: TOOLS });
  onTestFinished(async () => {
    await many.close();
    await rm(folder, { recursive: true });
  });
  await (await openGate(configOf(many, folder))).close();
  many.stall(STALLED);
  const gate = await openGate(configOf(many, folder));
  onTestFinished(() => gate.close());
  const client = await connectTo(gate);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain(many.toolOf(STALLED, 0));
  expect(await callTool(client, many.toolOf(0, 0))).toMatchObject({ kind: "value" });
  expect(await callTool(client, many.toolOf(STALLED, 0))).toMatchObject({ kind: "error", code: "backend_down" });
  await client.close();
}, 120_000);
