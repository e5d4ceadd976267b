import { randomUUID } from "node:crypto";
import type { Rate } from "../../define/backend.ts";
import type { Limiter, Limiters } from "../limiter.ts";
import { Claims } from "./claims.ts";
import type { RedisLink } from "./redis-link.ts";
import { type Scripts, scriptsBy } from "./scripts.ts";
import { Share } from "./share.ts";
import { type Shared, SharedLimit } from "./shared-limit.ts";

export interface RedisLimitersOptions {
  /** The gate's name: gates of one name on one Redis are replicas of one gate. */
  readonly gate: string;
  readonly link: RedisLink;
  /** A replica that Redis has never told its part takes one of so many. */
  readonly replicas: number;
  readonly now?: () => number;
  readonly scripts?: Scripts;
}

/** The limits that a gate has in common with its replicas, and this replica's part of them. */
export class RedisLimiters implements Pick<Limiters, "limit"> {
  readonly #id = randomUUID();
  readonly #prefix: string;
  readonly #scripts: Scripts;
  readonly #shared: Shared;

  constructor({ gate, link, replicas, now = () => performance.now(), scripts = scriptsBy() }: RedisLimitersOptions) {
    // In braces: all keys of a gate are on one node of a cluster.
    this.#prefix = `callgate:{${encodeURIComponent(gate)}}`;
    this.#scripts = scripts;
    this.#shared = { link, now, claims: new Claims(link, scripts.take), share: new Share(now, 1 / replicas) };
  }

  /** This replica's part of every rate while Redis is away, from 0 to 1. */
  get part(): number {
    return this.#shared.share.part;
  }

  limit(name: string, rate: Rate): Limiter {
    return new SharedLimit(this.#shared, `${this.#prefix}:${name}`, rate);
  }

  /** Says that this replica is there, and hears what its part is. Rejects where Redis does not answer. */
  async beat(run: RedisLink["run"]): Promise<void> {
    const { share } = this.#shared;
    const told = await run(this.#scripts.beat, [this.#replicasKey], [this.#id, String(share.millionths)]);
    share.millionths = Number(told);
  }

  /** Says that this replica is no longer there. Rejects where Redis does not answer. */
  async leave(run: RedisLink["run"]): Promise<void> {
    await run(this.#scripts.leave, [this.#replicasKey], [this.#id]);
  }

  get #replicasKey(): string {
    return `${this.#prefix}:replicas`;
  }
}
