import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../packages/callgate/src/testing/free-port.ts";
import { readAccess } from "./callgate/bench-key.ts";
import { countSealed, prepareGateFolder } from "./callgate/gate-store.ts";
import { checkAnswer } from "./check-answer.ts";
import type { GroupUsage } from "./process-group.ts";
import { readGroupUsage } from "./process-group.ts";
import type { Target } from "./targets.ts";
import type { PreparedRequest } from "./tool-call.ts";
import { numberPlaceholder, prepareRequest } from "./tool-call.ts";

const logs = fileURLToPath(new URL("../results/", import.meta.url));
const startDeadlineMs = 60_000;
const numbersPerTurn = 100_000_000;
const stopDeadlineMs = 10_000;
/** As `callgate start` sets it for itself, and as docs/tools.md has it for programs that open a gate. */
const gateOptions = ["--no-allocation-site-pretenuring"];

export interface StartOptions {
  /** One core, or several: `0,1`. */
  readonly core: number | string;
  /** The store that a gate on SQLite starts with a copy of; left out: an empty one. */
  readonly filledStore?: string | undefined;
  /** Gives the address of an empty database, for a gate on PostgreSQL. */
  readonly newDatabase?: (() => Promise<string>) | undefined;
  /** Puts into a gate's folder what has to be there before it starts. */
  readonly prepare?: ((folder: string) => void) | undefined;
  /** What the server is told by its environment. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/** A target's server: a process group of its own, pinned to one core with all its threads. */
export class ServerProcess {
  readonly target: Target;
  readonly request: PreparedRequest;
  readonly #child: ChildProcess;
  readonly #gateFolder: string | undefined;
  readonly #core: number | string;
  readonly #sealedAtStart: number;
  #nextNumber = numberPlaceholder;

  private constructor(target: Target, request: PreparedRequest, started: Started) {
    this.target = target;
    this.request = request;
    this.#child = started.child;
    this.#gateFolder = started.gateFolder;
    this.#core = started.core;
    this.#sealedAtStart = this.#countSealed();
  }

  /** Starts the server and returns once it has answered the target's call rightly. */
  static async start(
    target: Target,
    { core, filledStore, newDatabase, prepare, variables }: StartOptions,
  ): Promise<ServerProcess> {
    const port = await freePort();
    const log = `${logs}${target.name}.log`;
    const copied = target.store === "sqlite" ? filledStore : undefined;
    const gateFolder = target.kind === "gate" ? prepareGateFolder(target.name, copied) : undefined;
    if (gateFolder !== undefined) prepare?.(gateFolder);
    const database = target.store === "postgres" ? await newDatabase?.() : undefined;
    const child = spawnPinned(target, {
      core,
      log,
      port,
      gateFolder,
      variables: { ...variables, DATABASE_URL: database ?? "" },
    });
    try {
      const url = `http://127.0.0.1:${port}${target.path}`;
      const accessFile = gateFolder === undefined ? undefined : `${gateFolder}/bench.json`;
      await waitUntilReady(child, port, accessFile);
      const key = accessFile === undefined ? undefined : readAccess(accessFile).key;
      const request = await prepareRequest({ url, era: target.era, key }, target.call);
      await checkAnswer(request, target.call);
      return new ServerProcess(target, request, { child, gateFolder, core });
    } catch (error) {
      await end(child);
      const said = readFileSync(log, "utf8").slice(-2_000);
      throw new Error(`${target.name} did not start. It said:\n${said}`, { cause: error });
    }
  }

  /** Hands out a block of request numbers that no other turn of this server gets; returns its first. */
  takeNumbers(): number {
    this.#nextNumber += numbersPerTurn;
    return this.#nextNumber;
  }

  /** How many segments of its audit a gate has sealed since it was started. */
  countNewlySealed(): number {
    return this.#countSealed() - this.#sealedAtStart;
  }

  #countSealed(): number {
    return this.#gateFolder === undefined ? 0 : countSealed(this.#gateFolder);
  }

  /** What it used on the core that it was given: a server that it has started on another core is left out. */
  readUsage(): GroupUsage {
    return readGroupUsage(groupOf(this.#child), typeof this.#core === "number" ? this.#core : undefined);
  }

  /** Stops the clock for this server, so that nothing it does in the background disturbs another's round. */
  pause(): void {
    process.kill(-groupOf(this.#child), "SIGSTOP");
  }

  resume(): void {
    process.kill(-groupOf(this.#child), "SIGCONT");
  }

  async stop(): Promise<void> {
    await end(this.#child);
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly gateFolder: string | undefined;
  readonly core: number | string;
}

interface SpawnOptions {
  /** One core, or several: `0,1`. */
  readonly core: number | string;
  readonly log: string;
  readonly port: number;
  readonly gateFolder: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

function spawnPinned(target: Target, { core, log, port, gateFolder, variables }: SpawnOptions): ChildProcess {
  mkdirSync(logs, { recursive: true });
  const output = openSync(log, "w");
  const options = target.kind === "gate" ? gateOptions : [];
  const command = ["-c", String(core), process.execPath, ...options, target.script, "--port", String(port)];
  if (gateFolder !== undefined) command.push("--folder", gateFolder);
  const child = spawn("taskset", command, {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, NODE_ENV: "production", ...variables },
  });
  closeSync(output);
  return child;
}

function groupOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error("taskset could not be run; it is part of util-linux.");
  return child.pid;
}

async function waitUntilReady(child: ChildProcess, port: number, file: string | undefined): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  groupOf(child);
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const answered = await canConnect(port);
    if (answered && (file === undefined || existsSync(file))) return;
    await delay(50);
  }
  throw new Error(`nothing listened on port ${port} within ${startDeadlineMs} ms`);
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, "SIGCONT");
  process.kill(-child.pid, "SIGTERM");
  const forced = setTimeout(() => process.kill(-groupOf(child), "SIGKILL"), stopDeadlineMs);
  await exited;
  clearTimeout(forced);
}
