import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const root: string = join(import.meta.dirname, "..", "..");

/** The text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** What a file of YAML holds, with only as much of its shape as is looked at. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- named by the caller
export function readYaml<Shape>(path: string): Shape {
  return parse(textOf(path), { merge: true }) as Shape;
}

/** Whether a program is on the path of this machine. */
export function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((path) => existsSync(join(path, program)));
}

/** All that reads the environment, as one text. */
const sources = ["packages/callgate/src/**/*.ts", "examples/rentals/src/**/*.ts"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((path) => !path.includes(".test."))
  .map(textOf)
  .join("\n");

/** Those of the variables that neither the gate nor the example asks for. */
export function unreadVariables(names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== "NODE_ENV" && !sources.includes(`"${name}"`));
}
