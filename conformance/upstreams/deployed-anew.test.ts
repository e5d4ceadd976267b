import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineGate, openGate, sqlite, upstream } from "callgate";
import { expect, it, vi } from "vitest";
import { callTool, connectTo, type End } from "./caller.ts";
import { type House, startHouse } from "./start-house.ts";

const NAMES = Array.from({ length: 10 }, (_, number) => `house-${number}`);
const MOVING = "house-9";
const DEPLOYMENTS = 10;
const patient = { timeout: 60_000, interval: 20 };

/** The calls to one server, one after the other until told to stop. */
class Load {
  readonly name: string;
  answered = 0;
  failures: { readonly end: End; readonly whileAway: boolean }[] = [];
  /** Which deployment gave the last answer. */
  deployed = -1;

  constructor(name: string) {
    this.name = name;
  }

  async run(call: (name: string) => Promise<End>, isAway: () => boolean, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const wasAway = isAway();
      const end = await call(`report_${this.name.replace("-", "_")}`);
      const value = end.kind === "value" ? (end.value as { house: string; deployed: number }) : undefined;
      if (value?.house === this.name) {
        this.answered += 1;
        this.deployed = value.deployed;
      } else this.failures.push({ end, whileAway: wasAway || isAway() });
    }
  }
}

it("[G5] ten servers, one deployed anew ten times under load: no call to the others fails, and calls to it only while it is away", async () => {
  const folder = await mkdtemp(join(tmpdir(), "callgate-upstreams-"));
  const houses = new Map<string, House>();
  for (const name of NAMES) houses.set(name, await startHouse(name));
  const gate = await openGate(
    defineGate({
      name: "upstreams",
      domains: NAMES.map((name) =>
        upstream(name, {
          url: `http://127.0.0.1:${houses.get(name)?.port}/mcp`,
          reads: ["report_*"],
          modes: ["open"],
          lockFile: join(folder, "callgate.lock.json"),
        }),
      ),
      callers: { anonymous: { mode: "open" } },
      limits: { rate: "1000000/s" },
      graduation: "off",
      store: sqlite(join(folder, "gate.db")),
    }),
  );
  const stop = new AbortController();
  const loads = NAMES.map((name) => new Load(name));
  const others = loads.filter(({ name }) => name !== MOVING);
  const moving = loads.find(({ name }) => name === MOVING);
  if (moving === undefined) throw new Error(`there is no ${MOVING}`);
  let isAway = false;
  try {
    const client = await connectTo(gate);
    const calling = loads.map((load) =>
      load.run(
        (name) => callTool(client, name),
        () => isAway,
        stop.signal,
      ),
    );
    await vi.waitFor(() => expect(loads.every(({ answered }) => answered > 0)).toBe(true), patient);

    for (let version = 1; version <= DEPLOYMENTS; version += 1) {
      const [failed, before] = [moving.failures.length, others.map(({ answered }) => answered)];
      const { port = 0 } = houses.get(MOVING) ?? {};
      isAway = true;
      await houses.get(MOVING)?.stop();
      // It stays away until that was noticed, and until each of the others has answered meanwhile.
      await vi.waitFor(() => {
        expect(moving.failures.length).toBeGreaterThan(failed);
        expect(others.every(({ answered }, index) => answered > (before[index] ?? 0) + 5)).toBe(true);
      }, patient);
      houses.set(MOVING, await startHouse(MOVING, { port, version }));
      await vi.waitFor(() => expect(moving.deployed).toBe(version), patient);
      isAway = false;
      const { answered } = moving;
      await vi.waitFor(() => expect(moving.answered).toBeGreaterThan(answered + 5), patient);
    }

    stop.abort();
    await Promise.all(calling);
    expect(others.flatMap(({ failures }) => failures)).toEqual([]);
    expect(moving.failures.filter(({ whileAway }) => !whileAway)).toEqual([]);
    for (const { end } of moving.failures) {
      expect(end).toMatchObject({
        kind: "error",
        code: expect.stringMatching(/^(backend_down|upstream_unreachable)$/),
      });
      expect(end).toMatchObject({ text: expect.stringContaining(MOVING) });
    }
    await client.close();
  } finally {
    stop.abort();
    await gate.close();
    await Promise.all([...houses.values()].map((house) => house.stop()));
    await rm(folder, { recursive: true });
  }
}, 240_000);
