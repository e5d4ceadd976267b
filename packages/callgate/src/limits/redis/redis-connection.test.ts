import { afterEach, expect, test, vi } from "vitest";
import { keptLog } from "../../callers/testing/open-keys.ts";
import type { Limiters } from "../limiter.ts";
import { redisLimiters } from "./open-redis-limiters.ts";
import { readRedisAddress } from "./redis-address.ts";
import { RedisServer } from "./testing/redis-server.ts";
import { describeWithRedis, useRedis } from "./testing/use-redis.ts";

// A loaded machine may take its time; nothing here waits for time to pass.
vi.setConfig({ testTimeout: 60_000 });

const SECRET = "pa55-w0rd";

describeWithRedis("limits over a connection to Redis", () => {
  const redis = useRedis({ password: SECRET });
  const opened: Limiters[] = [];
  afterEach(async () => {
    for (const limiters of opened.splice(0)) await limiters.close();
    await redis().command("FLUSHALL");
  });

  /** Another replica; its calls wait for Redis for as long as a loaded machine may take. */
  async function replica(url = redis().url, timeoutMs = 5_000) {
    const log = keptLog();
    const address = readRedisAddress(url);
    if (address === undefined) throw new Error("there is no address");
    const limiters = redisLimiters({ gate: "rentals", address, timeoutMs, replicas: 8, log });
    opened.push(limiters);
    await limiters.start();
    return { limiters, log, said: () => log.lines.map(([words]) => words) };
  }

  /** How many scripts have run that were no beats: those alone read a whole hash. */
  const timesAsked = async (): Promise<number> => {
    const stats = String(await redis().command("INFO", "commandstats"));
    const callsOf = (command: string): number =>
      Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    return callsOf("eval") + callsOf("evalsha") - callsOf("hgetall");
  };

  test("[G3] calls of one turn are one question, and who is refused costs none until it is time", async () => {
    const { limiters } = await replica();
    const rate = limiters.limit("rate", "50/h");
    const quota = limiters.limit("quota", "1000/h");
    await rate.take("ann", quota);
    const before = await timesAsked();
    const together = await Promise.all(Array.from({ length: 60 }, async () => rate.take("ann", quota)));
    expect(together.filter((refused) => refused === undefined)).toHaveLength(49);
    expect((await timesAsked()) - before).toBe(1);
    expect(rate.take("ann", quota)).toEqual({ by: "rate", afterMs: expect.closeTo(72_000, -4) });
    expect((await timesAsked()) - before).toBe(1);
    expect(await rate.take("bob", quota)).toBeUndefined();
    expect((await timesAsked()) - before).toBe(2);
  });

  test("[G3] a quota that is used up takes nothing from its caller's rate, on any replica", async () => {
    const replicas = [await replica(), await replica(), await replica()];
    const takes = replicas.map(({ limiters }) => {
      const [rate, quota] = [limiters.limit("rate", "4/h"), limiters.limit("quota", "3/h")];
      return { left: () => rate.waitFor("ann"), take: async () => (await rate.take("ann", quota))?.by };
    });
    const by: unknown[] = [];
    for (let round = 0; round < 2; round += 1) for (const { take } of takes) by.push(await take());
    expect(by).toEqual([undefined, undefined, undefined, "quota", "quota", "quota"]);
    for (const { left } of takes) expect(await left()).toBe(0);
  });

  test("Redis learns no names of callers, and forgets what no longer counts", async () => {
    const { limiters } = await replica();
    await limiters.limit("rate of tool a", "1/s").take("person:ann@example.com");
    await limiters.limit("guesses", "1/s").take("192.0.2.7");
    const keys = (await redis().command("KEYS", "*")) as string[];
    expect(keys.toSorted()).toEqual([
      expect.stringMatching(/^callgate:\{rentals\}:guesses:[\w-]{22}$/),
      expect.stringMatching(/^callgate:\{rentals\}:rate of tool a:[\w-]{22}$/),
      "callgate:{rentals}:replicas",
    ]);
    for (const key of keys) expect(await redis().command("PTTL", key)).toBeGreaterThan(0);
  });

  test("a Redis that has lost its scripts is given them again", async () => {
    const { limiters, said } = await replica();
    const limit = limiters.limit("rate", "2/h");
    await limit.take("ann");
    await redis().command("SCRIPT", "FLUSH");
    expect([await limit.take("ann"), (await limit.take("ann"))?.by]).toEqual([undefined, "rate"]);
    expect(said()).toEqual(["rates are counted with other replicas"]);
  });

  test("a wrong password ends the start, an address that is none as well, and no password is said", async () => {
    const wrong = redis().url.replace(SECRET, "wr0ng-pa55");
    await expect(replica(wrong)).rejects.toThrow(/^Redis at 127\.0\.0\.1:\d+ refuses this gate: WRONGPASS/);
    await expect(replica(redis().url.replace(`:${SECRET}@`, ""))).rejects.toThrow(/refuses this gate: NOAUTH/);
    await expect(replica(wrong)).rejects.not.toThrow(/wr0ng-pa55/);
    for (const url of ["127.0.0.1:6379", `http://:${SECRET}@127.0.0.1`, `redis://:${SECRET}#@`, ""]) {
      expect(() => readRedisAddress(url)).toThrow(/^limits\.shared is no address of Redis: redis:/);
      expect(() => readRedisAddress(url)).not.toThrow(SECRET);
    }
  });

  test("[G3] a Redis that is not there yet leaves a gate to its part, and is used once it is there", async () => {
    const later = await RedisServer.start();
    await later.kill();
    try {
      const { limiters, log, said } = await replica(later.url);
      const limit = limiters.limit("rate", "16/h");
      const here = Array.from({ length: 3 }, () => limit.take("ann"));
      expect(here).toEqual([undefined, undefined, { by: "rate", afterMs: expect.any(Number) }]);
      expect(log.lines).toEqual([
        [
          "Redis is away: this replica keeps to its own part of every rate",
          { redis: `127.0.0.1:${later.port}`, error: expect.stringContaining("ECONNREFUSED") },
        ],
      ]);
      await later.start();
      await vi.waitFor(
        () => expect(said()).toContain("Redis is back: rates are counted with other replicas again"),
        10_000,
      );
      expect(await limit.take("ann")).toBeUndefined();
    } finally {
      await later.end();
    }
  });

  test("[G3] a Redis that hangs costs the calls under way their time limit, and those after them nothing", async () => {
    const { limiters, said } = await replica(redis().url, 400);
    const limit = limiters.limit("rate", "1000/s");
    await limit.take("ann");
    redis().hang();
    try {
      const from = performance.now();
      const underWay = await Promise.all([limit.take("ann"), limit.take("bob"), limit.waitFor("eve")]);
      const took = performance.now() - from;
      expect(underWay).toEqual([undefined, undefined, 0]);
      expect(took).toBeGreaterThan(390);
      expect(took).toBeLessThan(4_000);
      for (let call = 0; call < 100; call += 1) expect(limit.take(`caller ${call}`)).toBeUndefined();
    } finally {
      redis().goOn();
    }
    await vi.waitFor(
      () => expect(said()).toContain("Redis is back: rates are counted with other replicas again"),
      10_000,
    );
    expect(limit.take("ann")).toBeInstanceOf(Promise);
  });

  test("[G3] killed under load and back, it never lets three replicas take more than what is promised", async () => {
    const server = await RedisServer.start({ durable: true });
    try {
      const replicas = [await replica(server.url), await replica(server.url), await replica(server.url)];
      const limits = replicas.map(({ limiters }) => limiters.limit("rate", "100/min"));
      let through = 0;
      const load = new AbortController();
      const loading = limits.map(async (limit) => {
        while (!load.signal.aborted) {
          if ((await limit.take("ann")) === undefined) through += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      const from = performance.now();
      await vi.waitFor(() => expect(through).toBeGreaterThanOrEqual(100), 10_000);
      await server.kill();
      await vi.waitFor(() => expect(replicas.map(({ said }) => said().length)).toEqual([2, 2, 2]), 10_000);
      await server.start();
      await vi.waitFor(() => expect(replicas.map(({ said }) => said().length)).toEqual([3, 3, 3]), 10_000);
      const atReturn = through;
      load.abort();
      await Promise.all(loading);
      const minutes = (performance.now() - from) / 60_000;
      // Each had an eighth at most while Redis was away: their parts had not been told yet.
      expect(atReturn).toBeLessThanOrEqual(100 + 3 * 13 + Math.ceil(minutes * 200));
      expect(replicas.flatMap(({ said }) => said())).toHaveLength(9);
    } finally {
      await server.end();
    }
  });
});
