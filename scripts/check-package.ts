import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Packs the built package and judges the tarball: what it exports, and its types. Then uses the package: a gate that its
 * `init` has written answers a call and proves its audit, each on threads of the store.
 */
const root = join(import.meta.dirname, "..");
const output = join(root, "packages", "callgate", "build");
const folder = mkdtempSync(join(tmpdir(), "callgate-pack-"));

try {
  run("npm", ["pack", output, "--pack-destination", folder, "--silent"]);
  const [tarball] = globSync("*.tgz", { cwd: folder });
  if (tarball === undefined) throw new Error("npm packed nothing");
  run(tool("publint"), ["run", join(folder, tarball), "--strict"]);
  run(tool("attw"), [join(folder, tarball), "--profile", "esm-only"]);
  use();
} finally {
  rmSync(folder, { recursive: true });
}

/** What is started or read by its place is missed by use alone: the programs of threads, and templates. */
function use(): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(output, join(modules, "callgate"));
  symlinkSync(join(root, "node_modules", "zod"), join(modules, "zod"));
  for (const words of [["init"], ["call", "list_notes"], ["audit", "verify"]]) {
    run(process.execPath, [join(modules, "callgate", "bin", "callgate.js"), ...words]);
  }
}

function tool(name: string): string {
  return join(root, "node_modules", ".bin", name);
}

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { cwd: folder, stdio: "inherit" });
}
