import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** How a project can depend on the very callgate that runs now. */
export interface PackageSource {
  /** What stands in `dependencies`: a version, or a `file:` reference where the package came from no registry. */
  readonly specifier: string;
  readonly fromRegistry: boolean;
}

/** Finds out where the running package came from: a registry, a packed file, or a checkout. */
export function packageSource(from: string = import.meta.url): PackageSource {
  const root = realpathSync(packageRoot(dirname(fileURLToPath(from))));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const modules = dirname(root);
  if (!modules.endsWith("node_modules")) return { specifier: toFileReference(root), fromRegistry: false };
  const resolved = installedFrom(modules);
  if (resolved === undefined || /^https?:/.test(resolved)) return { specifier: version, fromRegistry: true };
  const path = resolve(modules, "..", resolved.replace(/^file:/, ""));
  return { specifier: toFileReference(path), fromRegistry: false };
}

function packageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("callgate's own package.json is not there");
  return packageRoot(parent);
}

/** npm notes beside what it installed where each package came from. */
function installedFrom(modules: string): string | undefined {
  try {
    const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8")) as {
      packages?: Record<string, { resolved?: string }>;
    };
    return lock.packages?.["node_modules/callgate"]?.resolved;
  } catch {
    return undefined;
  }
}

function toFileReference(path: string): string {
  return `file:${fileURLToPath(pathToFileURL(path)).replaceAll("\\", "/")}`;
}
