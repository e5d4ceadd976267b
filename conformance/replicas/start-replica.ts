import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ReplicaSetting } from "./setting.ts";

const script = fileURLToPath(new URL("replica-process.ts", import.meta.url));

/** A gate in a process of its own. */
export interface Replica {
  readonly url: string;
  /** Tells it to stop; resolves with its exit code once it has ended. */
  stop(): Promise<number | NodeJS.Signals>;
}

/** Starts one, and resolves once it serves. */
export async function startReplica(
  setting: ReplicaSetting,
  environment: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const child = fork(script, [JSON.stringify(setting)], { env: { ...process.env, ...environment } });
  const ended = endOf(child);
  const said = await Promise.race([once(child, "message"), ended]);
  if (!Array.isArray(said)) throw new Error(`the replica ended with ${said}`);
  return {
    url: (said[0] as { url: string }).url,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal ?? code ?? 0;
}
