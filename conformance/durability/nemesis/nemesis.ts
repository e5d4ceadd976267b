import { setTimeout as delay } from "node:timers/promises";
import type { RedisServer } from "../../../packages/callgate/src/limits/redis/testing/redis-server.ts";
import type { Effects } from "../effects/start-effects.ts";
import type { Replicas } from "../replica/replicas.ts";
import type { TriedStore } from "../stores/tried-store.ts";
import type { Fault, Strike } from "./fault.ts";

export interface NemesisOptions {
  readonly schedule: readonly Strike[];
  readonly replicas: Replicas;
  readonly effects: Effects;
  readonly store: TriedStore;
  readonly redis: RedisServer | undefined;
  /** Milliseconds since the run began. */
  readonly now: () => number;
}

/** Lets every fault of the schedule strike at its time. Resolves once all are over and healed. */
export async function strikeAll(options: NemesisOptions): Promise<void> {
  const striking: Promise<void>[] = [];
  // Two at once would start the same server twice.
  let database = Promise.resolve();
  let redis = Promise.resolve();
  for (const { at, fault } of options.schedule) {
    await delay(Math.max(0, at - options.now()));
    if (fault.kind === "database") database = database.then(() => options.store.strike(fault.how));
    else if (fault.kind === "redis") redis = redis.then(() => strikeRedis(fault, options.redis));
    else striking.push(strike(fault, options));
  }
  await Promise.all([...striking, database, redis]);
}

async function strike(
  fault: Exclude<Fault, { kind: "database" | "redis" }>,
  { replicas, effects, store }: NemesisOptions,
): Promise<void> {
  switch (fault.kind) {
    case "kill-at":
      return replicas.dieAt(fault.replica, fault.point, fault.passing);
    case "kill":
      return replicas.signal(fault.replica, "SIGKILL");
    case "end":
      return replicas.signal(fault.replica, "SIGTERM");
    case "pause":
      replicas.signal(fault.replica, "SIGSTOP");
      await delay(fault.ms);
      return replicas.signal(fault.replica, "SIGCONT");
    case "clock":
      replicas.setClock(fault.replica, fault.aheadMs);
      await delay(fault.ms);
      return replicas.setClock(fault.replica, 0);
    case "outside":
      effects.setMood(fault.mood);
      await delay(fault.ms);
      return effects.setMood("well");
    case "full-disk":
      replicas.limitFiles(fault.replica, "full");
      await delay(fault.ms);
      return replicas.limitFiles(fault.replica, "unlimited");
    case "slow-store":
      return store.hold(fault.ms);
  }
}

async function strikeRedis(
  { how, ms }: Extract<Fault, { kind: "redis" }>,
  redis: RedisServer | undefined,
): Promise<void> {
  if (how === "hang") redis?.hang();
  else await redis?.kill();
  await delay(ms);
  if (how === "hang") redis?.goOn();
  else await redis?.start();
}
