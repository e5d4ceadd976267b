import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Addresses } from "../clients/client.ts";
import type { FaultPoint, ReplicaSetting } from "./setting.ts";
import { type Machines, type Replica, startReplica } from "./start-replica.ts";

export interface ReplicasOptions {
  readonly count: number;
  readonly setting: Omit<ReplicaSetting, "clockAheadMs">;
  readonly machines: Machines;
  /** Where each one's log is kept. */
  readonly folder: string;
}

/** What became of replicas in a run. */
export interface Endings {
  starts: number;
  kills: number;
  /** Ended by SIGTERM, with 0. */
  ends: number;
  /** Could not start: the store was away. */
  failedStarts: number;
  /** Ended with another code than 0 after they had served. */
  crashes: string[];
}

interface Slot {
  replica: Replica | undefined;
  clockAheadMs: number;
  /** Ends with the replica for good. */
  life: Promise<void>;
}

const DOWN_MS = 200;
/** Every database of a gate is larger. */
const FULL_BYTES = 64 * 1_024;

/** The replicas of a run. One that ends is started again, until all are ended for good. */
export class Replicas implements Addresses {
  readonly endings: Endings = { starts: 0, kills: 0, ends: 0, failedStarts: 0, crashes: [] };
  readonly #options: ReplicasOptions;
  readonly #slots: Slot[];
  #closing = false;

  constructor(options: ReplicasOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.count }, () => ({
      replica: undefined,
      clockAheadMs: 0,
      life: Promise.resolve(),
    }));
  }

  get count(): number {
    return this.#slots.length;
  }

  /** Starts those that are not running; resolves once every one of them serves. Rejects where one cannot. */
  async start(): Promise<void> {
    this.#closing = false;
    await Promise.all(
      this.#slots.map(async (slot, number) => {
        if (slot.replica !== undefined) return;
        if ((await this.#startOne(number)) === undefined)
          throw new Error(`replica ${number} does not start: see ${this.#log(number)}`);
        slot.life = this.#keepAlive(number);
      }),
    );
  }

  urlOf(number: number): string | undefined {
    return this.#slots[number]?.replica?.url;
  }

  /** Whether every replica serves. */
  get allServe(): boolean {
    return this.#slots.every(({ replica }) => replica !== undefined);
  }

  signal(number: number, signal: NodeJS.Signals): void {
    this.#slots[number]?.replica?.signal(signal);
  }

  dieAt(number: number, point: FaultPoint, passing: number): void {
    this.#slots[number]?.replica?.tell({ dieAt: point, passing });
  }

  /** From now on, and after a restart too. */
  setClock(number: number, clockAheadMs: number): void {
    const slot = this.#slots[number];
    if (slot === undefined) return;
    slot.clockAheadMs = clockAheadMs;
    slot.replica?.tell({ clockAheadMs });
  }

  /** No file can be written beyond a size that all have reached; or again without a limit. */
  limitFiles(number: number, limit: "full" | "unlimited"): void {
    const pid = this.#slots[number]?.replica?.pid;
    if (pid === undefined) return;
    const size = limit === "full" ? FULL_BYTES : "unlimited";
    spawnSync("prlimit", ["--pid", String(pid), `--fsize=${size}:unlimited`], { stdio: "ignore" });
  }

  /** Ends all of them, for good. */
  async end(): Promise<void> {
    this.#closing = true;
    for (const { replica } of this.#slots) {
      replica?.signal("SIGCONT");
      replica?.signal("SIGTERM");
    }
    await Promise.all(this.#slots.map(({ life }) => life));
  }

  async #keepAlive(number: number): Promise<void> {
    const slot = this.#slots[number];
    for (let replica = slot?.replica; replica !== undefined; replica = await this.#startAgain(number)) {
      const end = await replica.ended;
      if (slot !== undefined) slot.replica = undefined;
      this.#count(number, end);
    }
  }

  async #startAgain(number: number): Promise<Replica | undefined> {
    let replica: Replica | undefined;
    while (!this.#closing && replica === undefined) {
      await delay(DOWN_MS);
      replica = await this.#startOne(number);
    }
    return replica;
  }

  async #startOne(number: number): Promise<Replica | undefined> {
    const slot = this.#slots[number];
    if (slot === undefined) throw new Error(`there is no replica ${number}`);
    const { clockAheadMs } = slot;
    const { setting, machines } = this.#options;
    const name = `replica-${number}`;
    const log = this.#log(number);
    slot.replica = await startReplica({ name, machines, log, setting: { ...setting, clockAheadMs } });
    if (slot.replica === undefined) this.endings.failedStarts += 1;
    else this.endings.starts += 1;
    // What was said while it started was not heard.
    slot.replica?.tell({ clockAheadMs: slot.clockAheadMs });
    if (this.#closing) slot.replica?.signal("SIGTERM");
    return slot.replica;
  }

  #count(number: number, end: number | NodeJS.Signals): void {
    if (end === "SIGKILL") this.endings.kills += 1;
    else if (end === 0) this.endings.ends += 1;
    else this.endings.crashes.push(`replica ${number} ended with ${end}: see ${this.#log(number)}`);
  }

  #log(number: number): string {
    return join(this.#options.folder, `replica-${number}.log`);
  }
}
