import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readTable } from "./read-table.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "..", name), "utf8");

it("AGENTS.md names every script of the workspace among its commands, and no other", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
  const commands = readTable(read("AGENTS.md"), "Commands").flat();
  const named = commands.flatMap((cell) =>
    [...cell.matchAll(/(?:^|`)npm (?:run )?([a-z:]+)/g)].map(([, name]) => name),
  );
  // npm runs these before the scripts that they are named after.
  const own = Object.keys(scripts).filter((name) => !(name.startsWith("pre") && name.slice(3) in scripts));
  expect(new Set(named)).toEqual(new Set(own));
});
