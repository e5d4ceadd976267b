import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endOf, firstWord } from "../processes/child-life.ts";
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
  const first = await firstWord(child, ended);
  if (!("said" in first)) throw new Error(`the replica ended with ${first.ended}`);
  return {
    url: (first.said as { url: string }).url,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
