import { globSync } from "node:fs";

const LEFT_OUT: ReadonlySet<string> = new Set(["node_modules", "dist", "build", ".git", ".callgate"]);
const MOST_FILES = 2_000;

/** The sources in a folder, relative to it, in order of their paths; no tests and no declarations of types. */
export function sourceFilesIn(folder: string): readonly string[] {
  return globSync("**/*.{ts,mts,js,mjs}", { cwd: folder, exclude: (name) => LEFT_OUT.has(name) })
    .filter((path) => !/\.(?:test|test-d|d)\.m?[jt]s$/.test(path))
    .toSorted()
    .slice(0, MOST_FILES);
}
