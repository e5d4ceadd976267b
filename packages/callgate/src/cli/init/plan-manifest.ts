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
const NODE_TYPES_VERSION = "24.19.2";

/** The manifest of a project that has a gate: what is there stays as it is, what is missing is added. */
export function planManifest({ existing, name, callgate, bringsNode }: ManifestNeeds): Manifest {
  const base: Manifest = existing ?? { name, version: "0.1.0", private: true, type: "module" };
  const versions: Readonly<Record<string, string>> = packageJson.dependencies;
  const scripts = ownScripts(base.scripts);
  return {
    ...base,
    scripts: { ...gateScripts(scripts), ...scripts },
    dependencies: { callgate, zod: versions["zod"] ?? "4", ...base.dependencies },
    devDependencies: {
      "@modelcontextprotocol/client": versions["@modelcontextprotocol/client"] ?? "2",
      "@types/node": NODE_TYPES_VERSION,
      ...(bringsNode && { node: NODE_VERSION }),
      ...base.devDependencies,
    },
    // npm 11 runs the scripts of listed packages alone; this one puts Node's binary in its place.
    ...(bringsNode && { allowScripts: { ...(base["allowScripts"] as object | undefined), node: true } }),
  };
}

type Scripts = Readonly<Record<string, string>>;

/** What `npm init` writes as a test is none. */
function ownScripts(scripts: Scripts = {}): Scripts {
  const { test, ...others } = scripts;
  return test?.includes("no test specified") === true ? others : scripts;
}

/** A project that has scripts of these names already keeps them, and gets the gate's beside them. */
function gateScripts({ start, test }: Scripts): Scripts {
  return {
    [start === undefined ? "start" : "gate"]: "callgate start",
    [test === undefined ? "test" : "gate:test"]: "node --test",
  };
}
