import type { CallLog } from "../../define/context.ts";
import type { RedisDeclaration } from "../../define/redis.ts";
import type { Limiters } from "../limiter.ts";
import { within } from "../within.ts";
import type { RedisAddress } from "./redis-address.ts";
import { RedisConnection } from "./redis-connection.ts";
import { RedisLimiters } from "./redis-limiters.ts";
import type { RedisLink } from "./redis-link.ts";

export interface SharedLimitsOptions extends Pick<RedisDeclaration, "timeoutMs" | "replicas"> {
  readonly gate: string;
  readonly address: RedisAddress;
  readonly log: CallLog;
}

const BEAT_MS = 1_000;
const LEAVE_MS = 1_000;

/** Limits that are counted in Redis. Nothing is loaded or connected before they are started. */
export function redisLimiters({ gate, address, timeoutMs, replicas, log }: SharedLimitsOptions): Limiters {
  const link = new RedisConnection({ address, timeoutMs, log, greet: (run) => limiters.beat(run) });
  const limiters = new RedisLimiters({ gate, link, replicas });
  const run: RedisLink["run"] = (...asked) => link.run(...asked);
  let beats: NodeJS.Timeout | undefined;
  // What fails is told and mended by the connection.
  const beat = (): void => void (link.isUp && limiters.beat(run).catch(() => undefined));
  return {
    limit: (name, rate) => limiters.limit(name, rate),
    start: async () => {
      await link.open();
      beats = setInterval(beat, BEAT_MS).unref();
    },
    close: async () => {
      clearInterval(beats);
      // A replica that cannot say so is forgotten after a while.
      if (link.isUp) await within(LEAVE_MS, () => limiters.leave(run)).catch(() => undefined);
      link.close();
    },
  };
}
