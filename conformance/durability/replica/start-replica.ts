import { spawn, spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { endOf, firstWord } from "../../processes/child-life.ts";
import type { ReplicaSetting, Serving, Told } from "./setting.ts";

const script = fileURLToPath(new URL("replica-process.ts", import.meta.url));

/** Whether replicas count as processes of one machine, which see each other, or of a machine each. */
export type Machines = "one" | "each";

export interface StartOptions {
  readonly name: string;
  readonly setting: ReplicaSetting;
  readonly machines: Machines;
  /** What it prints goes there. */
  readonly log: string;
}

/** A replica that serves. */
export interface Replica {
  readonly url: string;
  readonly pid: number;
  /** Resolves with its exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  tell(told: Told): void;
  signal(signal: NodeJS.Signals): void;
}

/** Starts one; undefined where it ended before it served, as it must while its store is away. */
export async function startReplica({ name, setting, machines, log }: StartOptions): Promise<Replica | undefined> {
  const node = [process.execPath, script, JSON.stringify(setting)];
  const [command = "", ...args] = machines === "each" ? onItsOwnHost(name, node) : node;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const output = createWriteStream(log, { flags: "a" });
  child.stdout?.pipe(output, { end: false });
  child.stderr?.pipe(output, { end: false });
  const ended = endOf(child);
  void ended.then(() => output.end());
  const first = await firstWord(child, ended);
  if (!("said" in first) || child.pid === undefined) return undefined;
  return {
    url: (first.said as Serving).url,
    pid: child.pid,
    ended,
    // One that is dying hears nothing any more.
    tell: (told) => void (child.connected && child.send(told, () => undefined)),
    signal: (signal) => void child.kill(signal),
  };
}

/** A host name of its own makes it another machine to the gate: whether its process lives cannot be looked up then, and leases count. */
function onItsOwnHost(name: string, command: readonly string[]): readonly string[] {
  return [...unshare(), "sh", "-c", 'hostname "$0" && exec "$@"', name, ...command];
}

const unshare = (): readonly string[] =>
  process.getuid?.() === 0 ? ["unshare", "--uts"] : ["unshare", "--map-root-user", "--uts"];

/** Whether this machine lets a process have a host name of its own. */
export function canHaveHosts(): boolean {
  const [command = "", ...args] = onItsOwnHost("proof", ["true"]);
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
