import type { Writable } from "node:stream";

/** The real standard output, while everything else that prints goes to standard error. */
export interface GuardedOutput {
  write(text: string): void;
  /** Bytes that the reader has not taken yet. */
  readonly waiting: number;
  onDrain(listener: () => void): void;
  onError(listener: (error: Error) => void): void;
  /** Resolves once everything written is with the reader, or the reader is gone. */
  flushed(): Promise<void>;
  /** Gives standard output back. */
  release(): void;
}

/**
 * Takes standard output for the protocol alone: `console.log`, and any `process.stdout.write` of a dependency, goes to
 * standard error from here on. Code that writes to file descriptor 1 itself, or a child process that inherits it,
 * cannot be caught from within a process.
 */
export function guardStdout(process: { readonly stdout: Writable; readonly stderr: Writable }): GuardedOutput {
  const { stdout, stderr } = process;
  const own = { write: stdout.write, end: stdout.end };
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr) as Writable["write"];
  // Ending it would end the protocol.
  stdout.end = (() => stdout) as Writable["end"];
  return {
    write: (text) => void write(`${text}\n`),
    get waiting() {
      return stdout.writableLength;
    },
    onDrain: (listener) => void stdout.once("drain", listener),
    onError: (listener) => void stdout.on("error", listener),
    flushed: () => new Promise((resolve) => void write("", () => resolve())),
    release: () => void Object.assign(stdout, own),
  };
}
