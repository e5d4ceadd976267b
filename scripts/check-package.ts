import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Packs the built package and judges the tarball: what it exports, its types, the workers it starts, that it installs alone. */
const root = join(import.meta.dirname, "..");
const output = join(root, "packages", "callgate", "build");
const folder = mkdtempSync(join(tmpdir(), "callgate-pack-"));

try {
  run("npm", ["pack", output, "--pack-destination", folder, "--silent"]);
  const [tarball] = globSync("*.tgz", { cwd: folder });
  if (tarball === undefined) throw new Error("npm packed nothing");
  run(tool("publint"), ["run", join(folder, tarball), "--strict"]);
  run(tool("attw"), [join(folder, tarball), "--profile", "esm-only"]);
  checkWorkers();
} finally {
  rmSync(folder, { recursive: true });
}

/** A worker's URL is only followed when the worker starts: one that was not built would be missed by everything else. */
function checkWorkers(): void {
  for (const file of globSync("dist/**/*.js", { cwd: output })) {
    const path = join(output, file);
    for (const [, target = ""] of readFileSync(path, "utf8").matchAll(
      /new URL\(\s*"(\.[^"]+)",\s*import\.meta\.url/g,
    )) {
      const found = resolve(dirname(path), target);
      if (target.endsWith(".ts") || globSync(found).length === 0)
        throw new Error(`${file} names ${target}, which was not built`);
    }
  }
}

function tool(name: string): string {
  return join(root, "node_modules", ".bin", name);
}

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { cwd: folder, stdio: "inherit" });
}
