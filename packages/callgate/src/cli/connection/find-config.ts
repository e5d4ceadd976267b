import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";

const NAMES = ["callgate.config.ts", "callgate.config.mts", "callgate.config.js", "callgate.config.mjs"] as const;
const DATA = /\.(?:json[c5]?|ya?ml|toml)$/i;

/** The config that was named, else the one in this folder; undefined where there is none. A named one must be there. */
export function findConfig(folder: string, named: string | undefined): string | undefined {
  if (named !== undefined) {
    const path = resolve(folder, named);
    if (existsSync(path)) return refuseNoCode(path);
    throw new CliError("cannotStart", `There is no config at ${path}.`);
  }
  const found = (names: readonly string[]): string | undefined =>
    names.map((name) => resolve(folder, name)).find((path) => existsSync(path));
  const data = ["json", "yaml", "yml"].map((ending) => `callgate.config.${ending}`);
  const path = found([...NAMES, ...data]);
  return path === undefined ? undefined : refuseNoCode(path);
}

/** A config is a module: what else there may be in its place is told apart before it is read. */
function refuseNoCode(path: string): string {
  const next = `Call it ${NAMES[0]} (or .mts, .js, .mjs), and let it \`export default defineGate({ … })\`.`;
  if (DATA.test(path))
    throw new CliError("cannotStart", `${path} is no config: a config is TypeScript or JavaScript.`, { next });
  if (statSync(path).isDirectory())
    throw new CliError("cannotStart", `${path} is a folder.`, {
      next: `Name the file in it: ${resolve(path, NAMES[0])}`,
    });
  return path;
}
