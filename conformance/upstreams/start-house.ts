import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("house-process.ts", import.meta.url));

/** A server that others wrote, in a process of its own. */
export interface House {
  readonly port: number;
  /** Has it end as a new deployment does; resolves once the process is gone. */
  stop(): Promise<void>;
}

/** Starts one and resolves once it listens. `port` 0 takes a free one. */
export async function startHouse(name: string, { port = 0, version = 0 } = {}): Promise<House> {
  const child = fork(script, [JSON.stringify({ name, port, version })]);
  const exited = once(child, "exit");
  const [said] = (await Promise.race([once(child, "message"), exited])) as [{ port: number } | number | null];
  if (said === null || typeof said === "number") throw new Error(`${name} did not start: it ended with ${said}`);
  return {
    port: said.port,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
