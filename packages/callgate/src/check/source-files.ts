import { globSync } from "node:fs";
import { join, relative } from "node:path";

const LEFT_OUT: ReadonlySet<string> = new Set(["node_modules", "dist", "build", ".git", ".callgate"]);
const MOST_FILES = 2_000;

/** The sources in a folder, relative to it, in order of their paths; no tests, no declarations of types, no links. */
export function sourceFilesIn(folder: string): readonly string[] {
  return globSync("**/*.{ts,mts,js,mjs}", {
    cwd: folder,
    withFileTypes: true,
    exclude: ({ name }) => LEFT_OUT.has(name),
  })
    .filter((entry) => entry.isFile() && !/\.(?:test|test-d|d)\.m?[jt]s$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
    .slice(0, MOST_FILES);
}
