import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SteadyLoad, SteadyResult } from "./steady-load.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("steady-load-process.ts", import.meta.url));

/** Calls at a steady rate from a process of its own, pinned to a core. Throws if a single answer was wrong. */
export async function measureSteady(load: SteadyLoad, core: number): Promise<SteadyResult> {
  const command = ["-c", String(core), process.execPath, script, "--load", JSON.stringify(load)];
  const { stdout } = await run("taskset", command);
  return JSON.parse(stdout) as SteadyResult;
}
