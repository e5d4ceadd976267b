import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Builds `packages/callgate/build`, the package as it is published: programs and declarations in `dist`, and a manifest
 * whose exports name them. In the checkout the same exports name the sources.
 */
const root = join(import.meta.dirname, "..");
const packageFolder = join(root, "packages", "callgate");
const output = join(packageFolder, "build");
/** What the sources read at run time rather than import. */
const template = join("cli", "init", "template");

rmSync(output, { recursive: true, force: true });
execFileSync(join(root, "node_modules", ".bin", "tsdown"), ["--logLevel", "warn"], {
  cwd: packageFolder,
  stdio: "inherit",
});
cpSync(join(packageFolder, "src", template), join(output, "dist", template), { recursive: true });
cpSync(join(packageFolder, "bin"), join(output, "bin"), { recursive: true });
cpSync(join(packageFolder, "README.md"), join(output, "README.md"));
cpSync(join(root, "LICENSE"), join(output, "LICENSE"));
// Of the one library that is built in.
cpSync(join(root, "node_modules", "kysely", "LICENSE"), join(output, "dist", "kysely.LICENSE"));
writeFileSync(join(output, "package.json"), `${JSON.stringify(publishedManifest(), null, 2)}\n`);

function publishedManifest(): object {
  const {
    scripts: _scripts,
    exports,
    ...rest
  } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    scripts: object;
    exports: Record<string, string>;
  };
  return { ...rest, exports: mapValues(exports, publishedExport) };
}

function publishedExport(target: string): string | { types: string; default: string } {
  if (!target.endsWith(".ts")) return target;
  const file = target.replace("./src/", "./dist/").replace(/\.ts$/, "");
  return { types: `${file}.d.ts`, default: `${file}.js` };
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
