import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "@redis/client";
import { freePort } from "../../../testing/free-port.ts";
import { findRedis } from "./redis-binary.ts";

export interface RedisServerOptions {
  readonly password?: string;
  /** True: what it holds is on disk with every write, and there again after a crash. */
  readonly durable?: boolean;
}

/** A real Redis of its own on a free port, with its files in a temporary folder. Gone with the process that started it. */
export class RedisServer {
  readonly port: number;
  readonly #given: RedisServerOptions;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #watch: ChildProcess | undefined;

  private constructor(port: number, given: RedisServerOptions) {
    this.port = port;
    this.#given = given;
    this.#folder = mkdtempSync(join(tmpdir(), "callgate-redis-"));
  }

  static async start(given: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), given);
    await server.start();
    return server;
  }

  /** As `REDIS_URL` would have it. */
  get url(): string {
    const { password } = this.#given;
    return `redis://${password === undefined ? "" : `:${password}@`}127.0.0.1:${this.port}`;
  }

  /** The process id of the server; undefined while it is down. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it where it is down; on the same port as before, with the same files. */
  async start(): Promise<void> {
    const { path, libraries } = findRedis();
    const { password, durable = false } = this.#given;
    const settings = {
      port: this.port,
      bind: "127.0.0.1",
      dir: this.#folder,
      save: "",
      appendonly: durable ? "yes" : "no",
      appendfsync: "always",
      ...(password !== undefined && { requirepass: password }),
    };
    const given = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(path, given, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) },
    });
    this.#process = child;
    this.#watch = watchOver(child, this.#folder);
    await untilReady(child);
  }

  /** Takes it away without a word. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    this.#watch?.stdin?.end("ended\n");
  }

  /** Stops it in the middle of whatever it does, as a machine that swaps: connections stay, nothing answers. */
  hang(): void {
    this.#process?.kill("SIGSTOP");
  }

  goOn(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Runs one command. */
  async command(...words: readonly string[]): Promise<unknown> {
    const client = createClient({ url: this.url });
    await client.connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  /** Stops it for good and removes its files. */
  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A shell that ends the server and removes its files where this process is gone before it has said that it has. */
function watchOver(server: ChildProcess, folder: string): ChildProcess {
  const script = 'read word || { kill -KILL "$1"; rm -rf "$0"; }';
  const watch = spawn("sh", ["-c", script, folder, String(server.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watch.unref();
  return watch;
}

async function untilReady(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  if (child.stdout === null) throw new Error("the server has no output");
  const reader = createInterface(child.stdout);
  const ready = new Promise<true>((resolve) => {
    reader.on("line", (line) => {
      lines.push(line);
      if (/ready to accept connections/i.test(line)) resolve(true);
    });
  });
  const isUp = await Promise.race([ready, once(child, "exit").then(() => false)]);
  if (!isUp) throw new Error(`the server did not start:\n${lines.join("\n")}`);
}
