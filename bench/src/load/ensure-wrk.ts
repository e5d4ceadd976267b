import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Finds wrk, or installs Debian's package when run as root; returns its version. */
export async function ensureWrk(): Promise<string> {
  const found = findWrk();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) throw new Error("The bench needs wrk. Install it: sudo apt-get install -y wrk");
  process.stderr.write("Installing wrk …\n");
  try {
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "-y", "wrk"]);
  } catch (error) {
    throw new Error("wrk could not be installed with apt-get. Install it by hand and run the bench again.", {
      cause: error,
    });
  }
  const installed = findWrk();
  if (installed === undefined) throw new Error("apt-get installed wrk, but it is not on the path.");
  return installed;
}

function findWrk(): string | undefined {
  // It prints its version and exits with 1.
  const { stdout, error } = spawnSync("wrk", ["-v"], { encoding: "utf8" });
  return error === undefined ? stdout.split("\n", 1)[0]?.replace(/ Copyright.*/, "") : undefined;
}
