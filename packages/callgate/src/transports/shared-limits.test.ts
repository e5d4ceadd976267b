import { afterEach, expect, test, vi } from "vitest";
import type { LimitsConfig } from "../define/gate-config.ts";
import { redis } from "../define/redis.ts";
import { env, optional } from "../define/secret.ts";
import { BootError } from "../gate/served/served-domain.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { workshop } from "../gate/testing/workshop.ts";
import { RedisServer } from "../limits/redis/testing/redis-server.ts";
import { describeWithRedis, useRedis } from "../limits/redis/testing/use-redis.ts";
import { serveHttp } from "./serve-http.ts";
import { modernMessage, type Received, sendModern } from "./testing/modern-request.ts";

// A loaded machine may take its time; nothing here waits for time to pass.
vi.setConfig({ testTimeout: 60_000 });

const work = modernMessage("tools/call", { name: "do_work", arguments: {} });
const list = modernMessage("tools/list");

describeWithRedis("replicas of a gate", () => {
  const server = useRedis();
  const opened: TestGate[] = [];
  afterEach(async () => {
    for (const gate of opened.splice(0)) await gate.close();
    await server().command("FLUSHALL");
  });

  interface Replica {
    readonly url: string;
    ask(bearer: string, message?: typeof work): Promise<Received>;
  }

  /** So many replicas over HTTP, each with a store of its own: Redis is all that they have in common. */
  async function serve(
    count: number,
    limits: LimitsConfig,
    { quota, url = server().url }: { quota?: "3/h"; url?: string } = {},
  ): Promise<readonly Replica[]> {
    const backend = { start: () => undefined, ...(quota !== undefined && { quota }) };
    // However loaded the machine: Redis is waited for.
    const shared = redis(url, { timeoutMs: 10_000 });
    return Promise.all(
      Array.from({ length: count }, async () => {
        const test = await openTestGate([workshop(() => "done", {}, { backend })], {
          config: { limits: { ...limits, shared } },
        });
        const served = await serveHttp(test.gate, { port: 0 });
        opened.push({ ...test, close: () => served.close().then(() => test.close()) });
        return {
          url: served.url,
          ask: (bearer, message = work) =>
            sendModern(`${served.url}/mcp`, message, { authorization: `Bearer ${bearer}` }),
        };
      }),
    );
  }

  test("[G3] have one rate for a tool and its caller, over HTTP, and say when to come again", async () => {
    const [one, other] = (await serve(2, { rate: "3/h" })) as [Replica, Replica];
    const statuses: number[] = [];
    for (const replica of [one, other, one]) statuses.push((await replica.ask("ann")).status);
    expect(statuses).toEqual([200, 200, 200]);
    for (const replica of [one, other]) {
      const refused = await replica.ask("ann");
      expect(refused).toMatchObject({ status: 429, json: { error: { data: { code: "rate_limited" } } } });
      expect(Number(refused.headers["retry-after"])).toBeCloseTo(1_200, -2);
    }
    expect((await other.ask("bob")).status).toBe(200);
  });

  test("[G3] have one quota for a backend, all three of them, and refusals of it cost its callers nothing", async () => {
    const replicas = await serve(3, { rate: "4/h" }, { quota: "3/h" });
    const codes: unknown[] = [];
    for (const replica of [...replicas, ...replicas, ...replicas])
      codes.push((await replica.ask("ann")).json.error?.data?.["code"]);
    expect(codes).toEqual([undefined, undefined, undefined, ...Array(6).fill("quota_exhausted")]);
  });

  test("[G3] have one rate for lists", async () => {
    const [one, other] = (await serve(2, { rate: "2/h" })) as [Replica, Replica];
    const statuses = [];
    for (const replica of [one, other, one, other]) statuses.push((await replica.ask("ann", list)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  test("[G3] count wrong credentials of an address together, and then look at none from there (SECURITY 9)", async () => {
    const [one, other] = (await serve(2, { guesses: "4/h" })) as [Replica, Replica];
    const codes: unknown[] = [];
    for (const replica of [one, other, one, other, one, other])
      codes.push((await replica.ask("wrong")).json.error?.data?.["code"]);
    expect(codes).toEqual([...Array(4).fill("credential_invalid"), ...Array(2).fill("too_many_guesses")]);
    for (const replica of [one, other])
      expect((await replica.ask("ann")).json.error?.data?.["code"]).toBe("too_many_guesses");
  });

  test("[G3] go on by their parts while Redis is gone, as ready as before, and count together once it is back", async () => {
    const own = await RedisServer.start();
    try {
      const replicas = await serve(2, { rate: "16/h" }, { url: own.url });
      await own.kill();
      for (const replica of replicas) {
        // Of sixteen an hour an eighth: their parts had not been told yet.
        const statuses: number[] = [];
        for (let call = 0; call < 3; call += 1) statuses.push((await replica.ask("ann")).status);
        expect(statuses).toEqual([200, 200, 429]);
        expect((await fetch(`${replica.url}/ready`)).status).toBe(200);
      }
      await own.start();
      const counted = async (): Promise<number> => ((await own.command("KEYS", "*:rate of *")) as string[]).length;
      let callers = 0;
      for (const replica of replicas) {
        const before = await counted();
        await expect
          .poll(async () => {
            await replica.ask(`caller-${(callers += 1)}`);
            return counted();
          })
          .toBeGreaterThan(before);
      }
    } finally {
      await own.end();
    }
  });

  const open = (limits: LimitsConfig): Promise<TestGate> =>
    openTestGate([workshop(() => "done")], { config: { limits } });

  test("guesses sent all at once are judged in their order", async () => {
    const gate = await open({ guesses: "4/h", shared: redis(server().url, { timeoutMs: 10_000 }) });
    opened.push(gate);
    const sent = [...Array<string>(12).fill("wrong"), "ann"].map((bearer) => gate.as(bearer).call("do_work"));
    const codes = (await Promise.all(sent)).map(({ code }) => code);
    expect(codes).toEqual([...Array(4).fill("credential_invalid"), ...Array(9).fill("too_many_guesses")]);
  });

  test("a gate starts without the address where it is optional, and not with a wrong one", async () => {
    const name = "CALLGATE_TEST_REDIS_URL";
    delete process.env[name];
    const alone = await open({ rate: "1/h", shared: redis(optional(env(name))) });
    opened.push(alone);
    expect([(await alone.call("do_work")).code, (await alone.call("do_work")).code]).toEqual([
      undefined,
      "rate_limited",
    ]);
    await expect(open({ shared: redis(env(name)) })).rejects.toThrow(BootError);
    await expect(open({ shared: redis(env(name)) })).rejects.toThrow(`the environment variable ${name} is not set`);
    process.env[name] = "http://secret@127.0.0.1";
    await expect(open({ shared: redis(env(name)) })).rejects.toThrow(
      `limits.shared (${name}) is no address of Redis: redis://user:password@host:6379/0, or rediss: for TLS`,
    );
    delete process.env[name];
  });
});
