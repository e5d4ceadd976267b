import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LoadOptions, LoadResult } from "./messages.ts";

const gateScript = fileURLToPath(new URL("gate-process.ts", import.meta.url));
const loadScript = fileURLToPath(new URL("load-process.ts", import.meta.url));
const PROBE_EVERY_MS = 50;

/** What a process has used by now. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** A load, and how the gate was meanwhile. */
export interface Loaded extends LoadResult {
  /** Milliseconds of the gate's CPU, over all its threads. */
  readonly cpuMs: number;
  /** Right answers for each second of that: what other processes on the machine take away is not in it. */
  readonly goodPerCpuSecond: number;
  readonly rssMb: number;
  /** Milliseconds that `/health` took over connections of its own, sorted; infinite where it was not answered. */
  readonly healthMs: readonly number[];
}

/** A gate in a process of its own. */
export class LoadedGate {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly port: number;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
  }

  static async start(): Promise<LoadedGate> {
    const folder = await mkdtemp(join(tmpdir(), "callgate-overload-"));
    const child = fork(gateScript, [folder]);
    const [{ port }] = (await Promise.race([once(child, "message"), failed(child)])) as [{ port: number }];
    return new LoadedGate(child, folder, port);
  }

  /** Loads it from another process, and asks for its health all the while. */
  async load(options: Omit<LoadOptions, "port">): Promise<Loaded> {
    const child = fork(loadScript, [JSON.stringify({ ...options, port: this.port })]);
    const loaded = Promise.race([once(child, "message"), failed(child)]) as Promise<[LoadResult]>;
    const done = new AbortController();
    const before = await this.usage();
    const [healthMs, [result]] = await Promise.all([this.#probe(done.signal), loaded.finally(() => done.abort())]);
    const after = await this.usage();
    const cpuMs = after.cpuMs - before.cpuMs;
    return { ...result, cpuMs, goodPerCpuSecond: (result.good / cpuMs) * 1_000, rssMb: after.rssMb, healthMs };
  }

  async usage(): Promise<Usage> {
    const told = once(this.#child, "message") as Promise<[Usage]>;
    this.#child.send("usage");
    return (await told)[0];
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #probe(signal: AbortSignal): Promise<readonly number[]> {
    const took: number[] = [];
    while (!signal.aborted) {
      const asked = performance.now();
      const isWell = await askHealth(this.port);
      took.push(isWell ? performance.now() - asked : Number.POSITIVE_INFINITY);
      await passed(PROBE_EVERY_MS);
    }
    return took.toSorted((one, other) => one - other);
  }
}

function askHealth(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = get({ port, host: "127.0.0.1", path: "/health", agent: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode === 200));
    });
    asking.once("error", () => resolve(false));
  });
}

async function failed(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, "exit");
  throw new Error(`a process ended with ${String(code ?? signal)}`);
}
