import type { Gate } from "../gate/open/create-gate.ts";
import { bridge2025 } from "../wire/bridge-2025/load-bridge.ts";
import { Readiness } from "./readiness.ts";
import { type StdioProcess, serveStdio as serveHost } from "./stdio.ts";

/** A gate that is served over standard input and output. */
export interface ServedStdio {
  /** The exit code: 0 where the client ended the conversation, 1 where it had to be broken off. Nothing is left by then. */
  readonly ended: Promise<number>;
  /** Lets calls in flight finish, answers them, and ends. */
  close(): Promise<void>;
}

/** Who calls over stdio, and whose streams these are. */
export interface ServeStdioOptions {
  /** The key that the client calls with; without one it is whoever the config's `callers.local` says. */
  readonly key?: string | undefined;
  /** Whose standard streams and signals these are; this process's own unless said otherwise. */
  readonly process?: StdioProcess;
}

/** Serves an open gate to the process that started this one, 2025 clients included, and closes it when that one goes. */
export function serveStdio(gate: Gate, options: ServeStdioOptions = {}): ServedStdio {
  const { key, process: own = process } = options;
  const server = serveHost(
    {
      host: gate.host,
      legacy: bridge2025(gate),
      graceMs: gate.graceMs,
      ...(key !== undefined && { key }),
    },
    own,
  );
  // Nobody asks a stdio gate whether it is ready, but a backend that was down is to be served again all the same.
  const readiness = new Readiness(gate);
  const ended = server.ended.then(async (code) => {
    readiness.drain();
    await gate.close();
    return code;
  });
  return {
    ended,
    close: async () => {
      await server.close();
      await ended;
    },
  };
}
