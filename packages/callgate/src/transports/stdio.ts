import type { Readable, Writable } from "node:stream";
import { Channel, type ChannelOptions } from "../wire/channel.ts";
import { LineReader } from "../wire/line-reader.ts";
import { localCaller } from "./local-caller.ts";
import { guardStdout } from "./stdio/stdout-guard.ts";

export interface StdioOptions extends Pick<ChannelOptions, "host" | "legacy" | "endpoint" | "maxInFlight"> {
  /** The key that the client on the other side calls with. Without one it is the user of this machine. */
  readonly key?: string;
  /** A longer message ends the conversation. 10 MiB unless said otherwise. */
  readonly maxMessageBytes?: number;
  /** More than this waiting for a client that does not read ends the conversation. 16 MiB unless said otherwise. */
  readonly maxWaitingBytes?: number;
  /** Milliseconds that running calls have to finish in at the end. 5,000 unless said otherwise. */
  readonly graceMs?: number;
}

/** What of a process the transport needs. */
export interface StdioProcess {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly ppid: number;
}

export interface StdioServer {
  /** The exit code that fits how the conversation ended: 0 where the client ended it, 1 where it had to be broken off. */
  readonly ended: Promise<number>;
  close(): Promise<void>;
}

const parentCheckMs = 1_000;
const pauseAboveBytes = 1024 * 1024;

/**
 * Serves a host over standard input and output, one JSON-RPC message a line. From here on nothing but the protocol
 * reaches standard output. Ends when the input ends or the parent process dies.
 */
export function serveStdio(options: StdioOptions, process: StdioProcess): StdioServer {
  return new StdioConversation(options, process);
}

class StdioConversation implements StdioServer {
  readonly ended: Promise<number>;
  readonly #process: StdioProcess;
  readonly #output: ReturnType<typeof guardStdout>;
  readonly #channel: Channel;
  readonly #graceMs: number;
  readonly #maxWaitingBytes: number;
  readonly #parentCheck: NodeJS.Timeout;
  #resolve: (code: number) => void = () => {};
  #ending = false;
  #broken = false;

  constructor(options: StdioOptions, process: StdioProcess) {
    const { maxMessageBytes = 10 * 1024 * 1024, maxWaitingBytes = 16 * 1024 * 1024, graceMs = 5_000, key } = options;
    this.#process = process;
    this.#graceMs = graceMs;
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#output = guardStdout(process);
    this.#channel = new Channel({
      host: options.host,
      ...(options.legacy && { legacy: options.legacy }),
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
      ...(options.maxInFlight !== undefined && { maxInFlight: options.maxInFlight }),
      transport: "stdio",
      presented: localCaller(key),
      write: (text) => this.#write(text),
    });
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#parentCheck = this.#watchParent(process.ppid);
    this.#read(new LineReader(maxMessageBytes, (line) => this.#channel.receive(line)), maxMessageBytes);
  }

  async close(): Promise<void> {
    await this.#end(0);
  }

  #read(lines: LineReader, maxMessageBytes: number): void {
    const { stdin } = this.#process;
    stdin.on("data", (chunk: Buffer) => {
      if (this.#ending) return;
      if (!lines.take(chunk)) this.#breakOff(`a message is longer than ${maxMessageBytes} bytes`);
      else if (this.#output.waiting > pauseAboveBytes) this.#pause();
    });
    stdin.once("end", () => {
      if (!this.#ending) lines.flush();
      void this.#end(0);
    });
    stdin.once("close", () => void this.#end(0));
    stdin.once("error", () => void this.#end(0));
    // The reader has gone: nobody is left to answer.
    this.#output.onError(() => {
      this.#broken = true;
      void this.#end(0);
    });
  }

  /** A client that does not read its answers may not ask more. */
  #pause(): void {
    this.#process.stdin.pause();
    this.#output.onDrain(() => this.#process.stdin.resume());
  }

  #write(text: string): void {
    if (this.#broken) return;
    this.#output.write(text);
    if (this.#output.waiting > this.#maxWaitingBytes) this.#breakOff("the client does not read its answers");
  }

  #breakOff(why: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#process.stderr.write(`callgate: the stdio conversation ends: ${why}.\n`);
    void this.#end(1);
  }

  #watchParent(parent: number): NodeJS.Timeout {
    const check = (): void => {
      if (this.#process.ppid !== parent) void this.#end(0);
    };
    return setInterval(check, parentCheckMs).unref();
  }

  async #end(code: number): Promise<void> {
    if (this.#ending) return void (await this.ended);
    this.#ending = true;
    clearInterval(this.#parentCheck);
    await this.#channel.close({ graceMs: this.#broken ? 0 : this.#graceMs });
    if (!this.#broken) await this.#output.flushed();
    this.#process.stdin.pause();
    this.#output.release();
    this.#resolve(code);
  }
}
