import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsdown";

const root = join(import.meta.dirname, "..");

/**
 * Variables that let hundreds of processes and threads start from the same sources at less cost, for as long as the folder
 * is there: what one of them has compiled, the others take up; and Kysely is one file, as in the package that is built,
 * where each thread of a store would load its three hundred modules.
 */
export async function quickStarts(folder: string): Promise<Readonly<Record<string, string>>> {
  await build({
    config: false,
    entry: { kysely: join(root, "node_modules", "kysely", "dist", "index.js") },
    outDir: folder,
    clean: false,
    dts: false,
    platform: "node",
    fixedExtension: true,
    logLevel: "error",
  });
  const hook = pathToFileURL(join(folder, "resolve-kysely.mjs"));
  writeFileSync(hook, hookText(pathToFileURL(join(folder, "kysely.mjs"))));
  // Some tests start processes of another user.
  chmodSync(folder, 0o755);
  const { NODE_OPTIONS = "" } = process.env;
  return {
    NODE_COMPILE_CACHE: join(folder, "compiled"),
    NODE_OPTIONS: `${NODE_OPTIONS} --import=${hook.href}`.trim(),
  };
}

/** The older Node of the machine, which some tests run too, has no such hooks. */
function hookText({ href }: URL): string {
  return `import * as module from "node:module";
module.registerHooks?.({
  resolve: (specifier, context, next) => next(specifier === "kysely" ? ${JSON.stringify(href)} : specifier, context),
});
`;
}
