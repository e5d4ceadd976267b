import { type ChildProcess, spawn } from "node:child_process";
import { inspect } from "node:util";
import type { CallLog } from "../../define/context.ts";
import { LineReader } from "../../wire/line-reader.ts";
import { FairShare, type Source } from "../fair-share.ts";
import { childEnvironment } from "./environment.ts";
import { StderrLog } from "./stderr-log.ts";
import { watchGroup } from "./watchdog.ts";

/** How long a child has after its input ends, and after it is asked to end. */
const GRACE_MS = 2_000;
/** What waits to be read by a child that does not read. */
const MOST_UNREAD_BYTES = 32 * 1024 * 1024;

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly log: CallLog;
  /** Bytes of one message from it; one that says more at once is ended. */
  readonly maxMessageBytes: number;
}

export interface ChildEvents {
  line(line: Buffer): void;
  /** It is gone, or was never there; told once, and nothing comes after. `why` completes the server's name. */
  ended(why: string): void;
}

/** A server that runs as a process of its own, without a shell, in a process group of its own, as long as the gate does. */
export class Child {
  readonly #options: ChildOptions;
  readonly #events: ChildEvents;
  /** Without streams where no descriptor was left for them: then it was not started. */
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #share = new FairShare();
  readonly #unwatch: () => void;
  /** Lines of this turn of the event loop, which leave together: each write of its own would cost a system call. */
  #outgoing = "";
  #ended = false;

  constructor(options: ChildOptions, events: ChildEvents) {
    this.#options = options;
    this.#events = events;
    const child = spawn(options.command, [...options.args], {
      cwd: options.cwd,
      env: childEnvironment(options.env),
      stdio: ["pipe", "pipe", "pipe"],
      shell: false,
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#process = child;
    this.#unwatch = child.pid === undefined ? () => {} : watchGroup(child.pid);
    this.#exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        resolve();
        const why = signal === null ? `has ended with exit code ${code}` : `was ended by ${signal}`;
        void this.#heardOut().then(() => this.#end(why));
      });
      child.once("error", (error) => {
        if (child.pid === undefined) resolve();
        this.#end(`could not be started: ${reasonOf(error)}`);
      });
    });
    this.#read();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** False where it is gone, or does not read what it was sent before: this line was not sent. */
  write(line: string): boolean {
    const unread = (this.#process.stdin?.writableLength ?? 0) + this.#outgoing.length;
    if (this.#ended || this.#isGone || unread > MOST_UNREAD_BYTES) return false;
    if (this.#outgoing === "") setImmediate(() => this.#flush());
    this.#outgoing += `${line}\n`;
    return true;
  }

  /** Ends it and all that it has started: by the end of its input, then by being asked, then by force. */
  async close(): Promise<void> {
    this.#end("was ended");
    this.#flush();
    this.#process.stdin?.end();
    if (!(await within(GRACE_MS, this.#exited))) {
      this.#signal("SIGTERM");
      await within(GRACE_MS, this.#exited);
    }
    // Also where it has ended by itself: what it has started may be there still.
    this.#signal("SIGKILL");
    await this.#exited;
    this.#unwatch();
    this.#share.end();
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.destroy();
  }

  #flush(): void {
    const { stdin } = this.#process;
    const lines = this.#outgoing;
    this.#outgoing = "";
    if (lines !== "" && stdin?.writable === true) stdin.write(lines);
  }

  #read(): void {
    const { stdin, stdout, stderr } = this.#process;
    const lines = new LineReader(this.#options.maxMessageBytes, (line) => {
      if (!this.#ended) this.#events.line(line);
    });
    const take = (chunk: Buffer): void => {
      if (lines.take(chunk)) return;
      stdout?.destroy();
      this.#end(`said more than ${this.#options.maxMessageBytes} bytes at once`);
    };
    const spoken: Source = {
      pause: () => stdout?.pause(),
      // Nobody waits for what it says once it is ended.
      resume: () => !this.#ended && stdout?.resume(),
    };
    stdout?.on("data", (chunk: Buffer) => this.#share.spend(() => take(chunk), spoken));
    const words = new StderrLog(this.#options.log, this.#options.name);
    stderr?.on("data", (chunk: Buffer) => this.#share.spend(() => words.take(chunk), stderr));
    // Also where what it has started holds it open still, and it is let go.
    stderr?.on("close", () => words.end());
    // Whoever no longer reads, or whose output breaks, ends: that is what tells.
    for (const stream of [stdin, stdout, stderr]) stream?.on("error", () => {});
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#process.stdout?.pause();
    this.#events.ended(why);
    this.close().catch((error: unknown) => {
      const { name, log } = this.#options;
      log.error("an upstream could not be ended", { upstream: name, error: inspect(error) });
    });
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#process.kill(signal);
      else process.kill(-pid, signal);
    } catch (error) {
      // Some systems say so of a group whose last process is not collected yet.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ESRCH" && code !== "EPERM") throw error;
    }
  }

  /** What it said last, and is left unread for a while, is read before it is taken for ended; what it has started may say more for ever. */
  async #heardOut(): Promise<void> {
    if (this.#ended) return;
    const { stdout, stderr } = this.#process;
    const closings = [stdout, stderr]
      .filter((stream) => stream?.isPaused() === true)
      .map((stream) => new Promise((resolve) => stream?.once("close", resolve)));
    if (closings.length > 0) await within(GRACE_MS, Promise.all(closings));
  }

  get #isGone(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

async function within(ms: number, settled: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const inTime = await Promise.race([settled.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such command or folder";
  if (code === "EMFILE" || code === "ENFILE") return "no file descriptor is left";
  return code === "EACCES" ? "it may not be run" : (code ?? error.message);
}
