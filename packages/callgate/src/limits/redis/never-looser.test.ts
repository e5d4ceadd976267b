import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Rate } from "../../define/backend.ts";
import type { Limiter } from "../limiter.ts";
import { RateLimit, toParsedRate } from "../rate-limit.ts";
import { SimulatedRedis, type SimulatedReplica, type Way } from "./testing/simulated-redis.ts";
import { describeWithRedis, useRedis } from "./testing/use-redis.ts";

// A loaded machine may take its time; nothing here waits for time to pass.
vi.setConfig({ testTimeout: 60_000 });

const rates = fc.constantFrom<Rate>("1/min", "5/min", "60/min", "7/s", "10/s", "200/s", "0.5/s");
const pauses = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 400 }), fc.constant(20_000));

describeWithRedis("rates that replicas share", () => {
  const server = useRedis();
  let redis: SimulatedRedis;

  beforeAll(async () => {
    redis = await SimulatedRedis.connect(server().url);
  });
  afterAll(() => redis.close());

  /** Replicas of one gate that know their parts, whatever their own clocks show. */
  async function settled(count: number): Promise<readonly SimulatedReplica[]> {
    await redis.reset();
    const replicas = Array.from({ length: count }, (_, each) => redis.replica({ clockAt: each * 7_777_777 }));
    for (let second = 0; second < 9; second += 1) {
      for (const replica of replicas) await replica.beat();
      await redis.pass(1_000);
    }
    for (const { limiters } of replicas) expect(limiters.part).toBeCloseTo(1 / count, 5);
    return replicas;
  }

  test("[G3] let through call for call what one limiter would, and a quota with them, wherever the calls come in", async () => {
    const calls = fc.array(fc.tuple(pauses, fc.nat(2), fc.constantFrom("ann", "bob")), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(rates, rates, calls, async (rate, quotaRate, sent) => {
        const replicas = (await settled(3)).map(({ limiters }) => ({
          rate: limiters.limit("rate", rate),
          quota: limiters.limit("quota", quotaRate),
        }));
        const one = {
          rate: new RateLimit(rate, () => redis.clock),
          quota: new RateLimit(quotaRate, () => redis.clock),
        };
        for (const [pause, at, caller] of sent) {
          await redis.pass(pause);
          const { rate, quota } = replicas[at] ?? one;
          const expected = one.rate.take(caller, one.quota);
          const got = await rate.take(caller, quota);
          // Where both refuse, either may be named.
          expect(got === undefined).toBe(expected === undefined);
          // Whole microseconds between calls may make it a millisecond later.
          const later = got?.by === expected?.by ? (got?.afterMs ?? 0) - (expected?.afterMs ?? 0) : 0;
          expect(later).toBeOneOf([0, 1]);
        }
      }),
      { numRuns: 100 },
    );
  });

  const steps = fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant("take" as const), replica: fc.nat(3), pause: pauses }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant("way" as const),
          replica: fc.nat(3),
          way: fc.constantFrom<Way>("up", "cut", "deaf"),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("away" as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("jump" as const), ms: fc.integer({ min: -90_000, max: 90_000 }) }),
      },
    ),
    { maxLength: 150 },
  );

  test("[G3] never let through more than one limiter, and once more what comes at once for each time that Redis is lost", async () => {
    await fc.assert(
      fc.asyncProperty(rates, fc.integer({ min: 1, max: 4 }), steps, async (rate, count, taken) => {
        const replicas = await settled(count);
        const history = new History(rate, redis);
        const limits = replicas.map(({ limiters }) => limiters.limit("rate", rate));
        const turn = async (replica: SimulatedReplica, way: Way): Promise<void> => {
          replica.link.way = way;
          history.turned(replica, way);
          if (way === "up") await replica.beat();
        };
        for (const step of taken) {
          if (step.kind === "jump") await redis.jump(step.ms);
          else if (step.kind === "away") for (const each of replicas) await turn(each, "cut");
          else if (step.kind === "back") for (const each of replicas) await turn(each, "up");
          else {
            const replica = replicas[step.replica % count] as SimulatedReplica;
            if (step.kind === "way") await turn(replica, step.way);
            else {
              await redis.pass(step.pause);
              const refused = await (limits[step.replica % count] as Limiter).take("ann");
              if (refused === undefined) history.admitted(replica);
            }
          }
        }
        expect(history.excess()).toBeLessThan(1e-3);
      }),
      { numRuns: 1000 },
    );
  });

  test("[G3] let nobody through at a replica that has let them through enough already, when Redis goes away", async () => {
    const [one, other] = (await settled(2)) as [SimulatedReplica, SimulatedReplica];
    const limit = one.limiters.limit("rate", "10/min");
    for (let call = 0; call < 10; call += 1) expect(await limit.take("ann")).toBeUndefined();
    for (const { link } of [one, other]) link.way = "cut";
    // Half of ten a minute is one in twelve seconds.
    expect(limit.take("ann")).toEqual({ by: "rate", afterMs: 12_000 });
    expect(limit.take("bob")).toBeUndefined();
    await redis.pass(12_000);
    expect([limit.take("ann"), limit.take("ann")]).toEqual([undefined, { by: "rate", afterMs: 12_000 }]);
  });

  test("[G3] keep nobody out for longer than who has used up everything, though Redis' clock is set back by a day", async () => {
    const [replica] = (await settled(1)) as [SimulatedReplica];
    const limit = replica.limiters.limit("rate", "10/min");
    for (let call = 0; call < 10; call += 1) await limit.take("ann");
    await redis.jump(-86_400_000);
    expect(await limit.take("ann")).toEqual({ by: "rate", afterMs: 6_000 });
    await redis.pass(6_000);
    expect(await limit.take("ann")).toBeUndefined();
  });

  test("[G3] a replica that died leaves its part to the others after half a minute, whatever Redis' clock does", async () => {
    const [one, dead] = (await settled(2)) as [SimulatedReplica, SimulatedReplica];
    await redis.jump(-86_400_000);
    const beats = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        await redis.pass(1_000);
        await one.beat();
      }
    };
    await beats(29);
    expect(one.limiters.part).toBeCloseTo(1 / 2, 5);
    await beats(3);
    expect([one.limiters.part, dead.limiters.part]).toEqual([1, 0.5]);
  });

  const lives = fc.array(
    fc.record({
      pause: fc.constantFrom(0, 300, 300, 1_000, 1_000, 6_000),
      replica: fc.constantFrom(0, 0, 0, 1, 1, 2),
      what: fc.constantFrom(
        ...Array<"beat">(30).fill("beat"),
        "lost",
        "lost",
        "lost",
        "lost",
        "leave",
        "jump",
        "reset",
      ),
      jump: fc.constantFrom(-60_000, -5_000, 6_000, 100_000),
    }),
    { maxLength: 120 },
  );

  test("[G3] parts never make more than the whole, whoever comes, goes, dies or is not heard", async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (lived) => {
        const first = await settled(1);
        // What a replica assumes untold is no part that was given to it.
        const join = (): SimulatedReplica => redis.replica({ replicas: 1e9 });
        const replicas = [...first, join(), join()];
        const heardOf = new Map(first.map((replica) => [replica, redis.forward]));
        let resetAt = Number.NEGATIVE_INFINITY;
        let forgotten = new Set<SimulatedReplica>();
        for (const { pause, replica: at, what, jump } of lived) {
          await redis.pass(pause);
          const replica = replicas[at] as SimulatedReplica;
          replica.link.way = what === "lost" ? "deaf" : "up";
          if (what === "jump") await redis.jump(jump);
          if (what === "reset") {
            await redis.reset();
            resetAt = redis.forward;
            forgotten = new Set(heardOf.keys());
          }
          if (what === "leave") {
            await replica.limiters.leave(replica.link.run);
            replicas[at] = join();
            heardOf.delete(replica);
          }
          if (what === "beat" || what === "lost") {
            await replica.beat();
            heardOf.set(replica, redis.forward);
            forgotten.delete(replica);
          }
          // Not counted: who was silent for so long that its part was given away, and whom a Redis that forgot all never saw again.
          const counted = [...heardOf].filter(
            ([replica, heardAt]) =>
              redis.forward - heardAt <= 30_000 && (!forgotten.has(replica) || redis.forward - resetAt < 5_000),
          );
          const sum = counted.reduce((parts, [{ limiters }]) => parts + limiters.part, 0);
          expect(sum).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

interface Admission {
  readonly at: number;
  readonly forward: number;
  readonly throughRedis: boolean;
}

/** A time for which a replica decided alone. */
interface Alone {
  readonly replica: SimulatedReplica;
  readonly from: number;
  to: number;
  readonly part: number;
}

/** What was let through when, and what one limiter would have let through. */
class History {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #redis: SimulatedRedis;
  readonly #admissions: Admission[] = [];
  readonly #alone: Alone[] = [];

  constructor(rate: Rate, redis: SimulatedRedis) {
    const { intervalMs, burst } = toParsedRate(rate);
    this.#intervalMs = intervalMs;
    this.#burst = burst;
    this.#redis = redis;
  }

  turned(replica: SimulatedReplica, way: Way): void {
    const open = this.#openOf(replica);
    if (way === "up" && open !== undefined) open.to = this.#redis.now;
    if (way === "up" || open !== undefined) return;
    const { part } = replica.limiters;
    this.#alone.push({ replica, from: this.#redis.now, to: Number.POSITIVE_INFINITY, part });
  }

  admitted(replica: SimulatedReplica): void {
    const { now: at, forward } = this.#redis;
    this.#admissions.push({ at, forward, throughRedis: this.#openOf(replica) === undefined });
  }

  /** By how much any window holds more than it may; negative where none does. */
  excess(): number {
    let most = Number.NEGATIVE_INFINITY;
    for (const [index, first] of this.#admissions.entries()) {
      let throughRedis = 0;
      for (const [more, last] of this.#admissions.slice(index).entries()) {
        if (last.throughRedis) throughRedis += 1;
        const shared = throughRedis === 0 ? 0 : this.#burst + (last.forward - first.forward) / this.#intervalMs;
        most = Math.max(most, more + 1 - shared - this.#aloneIn(first.at, last.at));
      }
    }
    return most;
  }

  /** What replicas may let through alone: of each time alone its part of what comes at once, one at least, and of the rate. */
  #aloneIn(from: number, to: number): number {
    return this.#alone
      .filter((alone) => alone.from <= to && alone.to >= from)
      .reduce((sum, alone) => {
        const ms = Math.min(alone.to, to) - Math.max(alone.from, from);
        return sum + Math.max(1, this.#burst * alone.part) + (alone.part * ms) / this.#intervalMs;
      }, 0);
  }

  #openOf(replica: SimulatedReplica): Alone | undefined {
    return this.#alone.find((alone) => alone.replica === replica && alone.to === Number.POSITIVE_INFINITY);
  }
}
