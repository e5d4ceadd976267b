import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";

const NAMES = ["callgate.config.ts", "callgate.config.mts", "callgate.config.js", "callgate.config.mjs"];

/** The config that was named, else the one in this folder; undefined where there is none. A named one must be there. */
export function findConfig(folder: string, named: string | undefined): string | undefined {
  if (named !== undefined) {
    const path = resolve(folder, named);
    if (existsSync(path)) return path;
    throw new CliError("cannotStart", `There is no config at ${path}.`);
  }
  return NAMES.map((name) => resolve(folder, name)).find((path) => existsSync(path));
}
