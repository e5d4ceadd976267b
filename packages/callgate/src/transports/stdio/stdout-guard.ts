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
  const write = stdout.write.bind(stdout);
  const release = shadow(stdout, {
    write: stderr.write.bind(stderr),
    // Ending it would end the protocol.
    end: () => stdout,
  });
  return {
    write: (text) => void write(`${text}\n`),
    get waiting() {
      return stdout.writableLength;
    },
    onDrain: (listener) => void stdout.once("drain", listener),
    onError: (listener) => void stdout.on("error", listener),
    flushed: () => new Promise((resolve) => void write("", () => resolve())),
    release,
  };
}

/** Puts `methods` before those that the stream inherits; the returned function takes them away again. */
function shadow(stream: Writable, methods: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(methods).map((name) => [name, Object.getOwnPropertyDescriptor(stream, name)] as const);
  Object.assign(stream, methods);
  return () => {
    for (const [name, own] of before) {
      if (own === undefined) Reflect.deleteProperty(stream, name);
      else Object.defineProperty(stream, name, own);
    }
  };
}
