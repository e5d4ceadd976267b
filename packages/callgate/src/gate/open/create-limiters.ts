import type { CallLog } from "../../define/context.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { Limiters } from "../../limits/limiter.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { redisLimiters } from "../../limits/redis/open-redis-limiters.ts";
import { readRedisAddress } from "../../limits/redis/redis-address.ts";
import { BootError } from "../served/served-domain.ts";

interface Counting {
  readonly config: GateConfig;
  readonly clock: () => number;
  readonly log: CallLog;
}

/** What counts the rates of a gate: this process alone, or all its replicas together. Throws `BootError` for a wrong address. */
export function createLimiters({ config, clock, log }: Counting): Limiters {
  const { shared } = config.limits ?? {};
  const address = shared && orRefuse(() => readRedisAddress(shared.url));
  if (shared === undefined || address === undefined) return localLimiters(clock);
  const { timeoutMs, replicas } = shared;
  return redisLimiters({ gate: config.name, address, timeoutMs, replicas, log });
}

/** Refuses the start where rates can never be counted. */
export async function startLimiters(limiters: Limiters): Promise<void> {
  await limiters.start().catch(refuse);
}

function orRefuse<Value>(make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  throw new BootError(error instanceof Error ? error.message : String(error), { cause: error });
}
