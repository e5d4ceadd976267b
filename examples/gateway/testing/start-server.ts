import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freePort } from "../../../packages/callgate/src/testing/free-port.ts";
import { inherited } from "./connect-through.ts";

/** A server that others have started, on a port of this machine. */
export interface StartedServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server that says on stdout or stderr when it listens. */
export async function startServer(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<StartedServer> {
  const port = await freePort();
  const env = { ...inherited(), ...environment, PORT: String(port) };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  await saidThatItListens(child, port);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function saidThatItListens(child: ChildProcess, port: number): Promise<void> {
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${said.join("\n")}`)));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        if (line.includes(String(port))) resolve();
      });
    }
  });
}
