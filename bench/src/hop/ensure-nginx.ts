import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Finds nginx, or installs Debian's package when run as root. Undefined: it is not here, and the reason was said. */
export async function ensureNginx(say: (line: string) => unknown): Promise<string | undefined> {
  const found = findNginx();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) {
    say("nginx is not here, so that its row is missing. Install it: sudo apt-get install -y nginx-light");
    return undefined;
  }
  say("Installing nginx …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "nginx-light"], { env });
  } catch (error) {
    say(`nginx could not be installed, so that its row is missing: ${String(error).split("\n", 1)[0]}`);
  }
  return findNginx();
}

/** Debian keeps it where only root's path leads. */
export function findNginx(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, "nginx")).find((path) => existsSync(path));
}
