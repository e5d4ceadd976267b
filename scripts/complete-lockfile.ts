import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Adds to the lockfile the binaries for other platforms that npm left out, which it does where the registry in use offers
 * only its own platform's; `npm ci` refuses such a lockfile everywhere. Their version is the one that the package asks
 * for; their integrity is filled in by the first `npm install` against a complete registry.
 */
const path = join(import.meta.dirname, "..", "package-lock.json");
const lockfile = JSON.parse(readFileSync(path, "utf8")) as { packages: Record<string, LockedPackage> };
const { packages } = lockfile;

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Record<string, string>;
}

const missing = Object.entries(packages).flatMap(([parent, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isLocked(parent, name))
    .map(([name, version]) => [`node_modules/${name}`, lockedBinary(name, version, dev)] as const),
);

if (missing.length > 0) {
  const all = [...Object.entries(packages), ...missing].toSorted(([one], [other]) => one.localeCompare(other, "en"));
  writeFileSync(path, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(all) }, null, 2)}\n`);
}
console.error(`${missing.length} packages for other platforms added to package-lock.json`);

function isLocked(parent: string, name: string): boolean {
  const folders = parent
    .split("/node_modules/")
    .map((_, depth, parts) => parts.slice(0, depth + 1).join("/node_modules/"));
  return ["", ...folders].some((folder) => `${folder}${folder && "/"}node_modules/${name}` in packages);
}

/** Which machines a binary is for stands in its name: `binding-linux-arm64-musl`. Keys stand in npm's own order. */
function lockedBinary(name: string, version: string, dev: boolean | undefined): LockedPackage {
  const word =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(-musl|-gnu)?/.exec(name);
  if (word === null) throw new Error(`${name} is missing from package-lock.json, and its name names no platform`);
  const [, os = "", cpu = "", libc] = word;
  return {
    version,
    cpu: [cpu],
    ...(dev && { dev }),
    ...(libc && { libc: [libc === "-musl" ? "musl" : "glibc"] }),
    optional: true,
    os: [os],
  };
}
