import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Holds `docs/dependencies.md` and every manifest together: each direct dependency exact, named there, and with its reason. */
const root = join(import.meta.dirname, "..");

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly workspaces?: readonly string[];
}

const rootManifest = readManifest("package.json");
const paths = (rootManifest.workspaces ?? []).flatMap((pattern) =>
  globSync(`${pattern}/package.json`, { cwd: root }).toSorted(),
);
const manifests = [rootManifest, ...paths.map(readManifest)];
const own = new Set(manifests.map(({ name }) => name));
const used = new Map(manifests.flatMap(directDependencies));
const listed = readListed();

const problems = [
  ...[...used]
    .filter(([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version))
    .map(([name]) => `${name} is not pinned`),
  ...[...used].filter(([name]) => !listed.has(name)).map(([name]) => `${name} is not in docs/dependencies.md`),
  ...[...listed].flatMap(([name, version]) => complaint(name, version, used.get(name))),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
}

/** Optional peers have ranges, for whoever installs them; the version that is tested with stands among `devDependencies`. */
function directDependencies({ dependencies, devDependencies, optionalDependencies }: Manifest): [string, string][] {
  const all = [dependencies, devDependencies, optionalDependencies];
  return all.flatMap((group) => Object.entries(group ?? {})).filter(([name]) => !own.has(name));
}

function readListed(): Map<string, string> {
  const text = readFileSync(join(root, "docs", "dependencies.md"), "utf8");
  const rows = text.matchAll(/^\| `([^`]+)` \| ([^ |]+) \| [^|]{10,} \| [^|]{10,} \|$/gm);
  return new Map([...rows].map(([, name = "", version = ""]) => [name, version]));
}

function complaint(name: string, listedVersion: string, version: string | undefined): string[] {
  if (version === undefined) return [`${name} is in docs/dependencies.md and nothing depends on it`];
  return version === listedVersion ? [] : [`${name} is ${version}, docs/dependencies.md says ${listedVersion}`];
}
