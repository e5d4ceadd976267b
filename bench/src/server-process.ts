import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
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

/** A target's server: a process group of its own, pinned to one core with all its threads. */
export class ServerProcess {
  readonly target: Target;
  readonly request: PreparedRequest;
  readonly #child: ChildProcess;
  #nextNumber = numberPlaceholder;

  private constructor(target: Target, child: ChildProcess, request: PreparedRequest) {
    this.target = target;
    this.#child = child;
    this.request = request;
  }

  /** Starts the server and returns once it has answered the target's call rightly. */
  static async start(target: Target, core: number): Promise<ServerProcess> {
    const port = await findFreePort();
    const log = `${logs}${target.name}.log`;
    const child = spawnPinned(target, port, { core, log });
    try {
      const url = `http://127.0.0.1:${port}${target.path}`;
      await waitUntilListening(child, port);
      const request = await prepareRequest(url, target.era, target.call);
      await checkAnswer(request, target.call);
      return new ServerProcess(target, child, request);
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

  readUsage(): GroupUsage {
    return readGroupUsage(groupOf(this.#child));
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

function spawnPinned(target: Target, port: number, options: { core: number; log: string }): ChildProcess {
  mkdirSync(logs, { recursive: true });
  const output = openSync(options.log, "w");
  const command = ["-c", String(options.core), process.execPath, target.script, "--port", String(port)];
  const child = spawn("taskset", command, {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, NODE_ENV: "production" },
  });
  closeSync(output);
  return child;
}

function groupOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error("taskset could not be run; it is part of util-linux.");
  return child.pid;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function waitUntilListening(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  groupOf(child);
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const answered = await canConnect(port);
    if (answered) return;
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
