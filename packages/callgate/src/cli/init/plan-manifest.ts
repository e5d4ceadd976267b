import packageJson from "../../../package.json" with { type: "json" };

export interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface ManifestNeeds {
  /** The project's own, or undefined where there is none yet. */
  readonly existing: Manifest | undefined;
  /** A name for a new project. */
  readonly name: string;
  readonly callgate: string;
  /** True where the machine's Node is older than the gate needs, so that the project brings its own. */
  readonly bringsNode: boolean;
}

const NODE_VERSION = "24.21.0";

/** The manifest of a project that has a gate: what is there stays as it is, what is missing is added. */
export function planManifest({ existing, name, callgate, bringsNode }: ManifestNeeds): Manifest {
  const base: Manifest = existing ?? { name, version: "0.1.0", private: true, type: "module" };
  const versions: Readonly<Record<string, string>> = packageJson.dependencies;
  return {
    ...base,
    scripts: missing(base.scripts, scriptsFor(base.scripts)),
    dependencies: missing(base.dependencies, { callgate, zod: versions["zod"] ?? "4" }),
    devDependencies: missing(base.devDependencies, {
      "@modelcontextprotocol/client": versions["@modelcontextprotocol/client"] ?? "2",
      ...(bringsNode && { node: NODE_VERSION }),
    }),
    // npm 11 runs the scripts of listed packages alone; this one puts Node's binary in its place.
    ...(bringsNode && { allowScripts: { ...(base["allowScripts"] as object | undefined), node: true } }),
  };
}

/** A project that has scripts of these names already keeps them, and gets the gate's beside them. */
function scriptsFor(existing: Manifest["scripts"] = {}): Record<string, string> {
  const start = existing["start"] === undefined ? "start" : "gate";
  const test = hasOwnTest(existing) ? "gate:test" : "test";
  return { [start]: "callgate start", [test]: "node --test" };
}

/** What `npm init` writes is no test. */
function hasOwnTest({ test }: Readonly<Record<string, string>>): boolean {
  return test !== undefined && !test.includes("no test specified");
}

function missing(
  existing: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const unwritten =
    existing !== undefined && !hasOwnTest(existing) && "test" in wanted ? { test: wanted["test"] ?? "" } : {};
  return { ...wanted, ...existing, ...unwritten };
}
