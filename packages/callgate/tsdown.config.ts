import { defineConfig, type UserConfig } from "tsdown";

const shared = {
  outDir: "build/dist",
  format: "esm",
  platform: "node",
  target: "node22.18",
  fixedExtension: false,
} as const;

/**
 * What is imported, run or started by its place. What they share goes into few files, which load sooner than many: beside
 * index.js, where `own-file.ts` stands among the sources too.
 */
const program: UserConfig = {
  ...shared,
  entry: ["src/index.ts", "src/cli/main.ts", "src/store/**/*-worker.ts", "!src/**/start-worker.ts"],
  // The one library that is built in: each thread of a store would load its three hundred modules.
  deps: { alwaysBundle: ["kysely"] },
  dts: false,
};

const declarations: UserConfig = {
  ...shared,
  entry: ["src/index.ts"],
  clean: false,
  dts: { oxc: true, emitDtsOnly: true },
};

export default defineConfig([program, declarations]);
