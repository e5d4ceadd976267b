import { createClient } from "@redis/client";
import { RedisLimiters } from "../redis-limiters.ts";
import type { RedisLink } from "../redis-link.ts";
import { scriptsBy } from "../scripts.ts";

type Client = ReturnType<typeof newClient>;

// Its type follows from the options: written out it would be another one.
const newClient = (url: string) => createClient({ url });

const scripts = scriptsBy(
  '(function() local at = tonumber(redis.call("GET", "clock")) return { math.floor(at / 1000), (at % 1000) * 1000 } end)()',
);

/** `deaf`: what is said arrives, and the answer does not. */
export type Way = "up" | "cut" | "deaf";

/** A replica's way to Redis, which a test may cut. */
export class CuttableLink implements RedisLink {
  readonly #send: (words: string[]) => Promise<unknown>;
  way: Way = "up";

  constructor(send: (words: string[]) => Promise<unknown>) {
    this.#send = send;
  }

  get isUp(): boolean {
    return this.way !== "cut";
  }

  readonly run: RedisLink["run"] = async ({ text }, keys, given) => {
    if (this.way === "cut") throw new Error("cut");
    const answer = await this.#send(["EVAL", text, String(keys.length), ...keys, ...given]);
    if (this.way === "deaf") throw new Error("the answer was lost");
    return answer;
  };
}

export interface SimulatedReplica {
  readonly link: CuttableLink;
  readonly limiters: RedisLimiters;
  /** Beats as far as the link lets it; true where it heard the answer. */
  beat(): Promise<boolean>;
}

/** A real Redis with a clock that a test sets, and true time, which Redis does not know. */
export class SimulatedRedis {
  readonly #client: Client;
  /** True time in milliseconds. */
  now = 0;
  /** How far Redis' clock has gone forward in all, jumps included. */
  forward = 0;
  #clock = 1_764_000_000_000;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async connect(url: string): Promise<SimulatedRedis> {
    const client = newClient(url);
    await client.connect();
    const simulated = new SimulatedRedis(client);
    await simulated.reset();
    return simulated;
  }

  get clock(): number {
    return this.#clock;
  }

  /** Forgets everything, as a Redis that keeps nothing on disk does when it is started again. */
  async reset(): Promise<void> {
    await this.#client.flushAll();
    await this.#setClock();
  }

  async pass(ms: number): Promise<void> {
    this.now += ms;
    await this.jump(ms);
  }

  /** Sets Redis' clock alone. */
  async jump(ms: number): Promise<void> {
    this.#clock += ms;
    this.forward += Math.max(0, ms);
    await this.#setClock();
  }

  /** `clockAt`: what this replica's own clock shows at the beginning. */
  replica({ clockAt = 0, replicas = 8 }: { clockAt?: number; replicas?: number } = {}): SimulatedReplica {
    const link = new CuttableLink((words) => this.#client.sendCommand(words));
    const limiters = new RedisLimiters({ gate: "simulated", link, replicas, now: () => this.now + clockAt, scripts });
    const beat = (): Promise<boolean> =>
      limiters.beat(link.run).then(
        () => true,
        () => false,
      );
    return { link, limiters, beat };
  }

  close(): void {
    this.#client.destroy();
  }

  async #setClock(): Promise<void> {
    await this.#client.set("clock", String(this.#clock));
  }
}
