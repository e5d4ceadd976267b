import { defineConfig, type Rolldown, type UserConfig } from "tsdown";

/**
 * Sources name their worker files as they stand on disk, `new URL("./audit-worker.ts", import.meta.url)`; once built, the
 * file beside them ends in `.js`.
 */
const builtWorkerUrls: Rolldown.Plugin = {
  name: "built-worker-urls",
  transform(code) {
    const built = code.replace(/(new URL\(\s*"\.{1,2}\/[^"]+)\.ts"(?=,\s*import\.meta\.url)/g, '$1.js"');
    return built === code ? undefined : built;
  },
};

/** Leaves the file that holds a library to the build of its own. */
const libraryApart: Rolldown.Plugin = {
  name: "library-apart",
  resolveId(source) {
    return source.endsWith("/kysely.ts") ? { id: source.replace(/\.ts$/, ".js"), external: true } : undefined;
  },
};

const shared = {
  outDir: "build/dist",
  format: "esm",
  platform: "node",
  target: "node22.18",
  fixedExtension: false,
} as const;

const sources: UserConfig = {
  ...shared,
  entry: [
    "src/**/*.ts",
    "!src/**/kysely.ts",
    "!src/**/*.test.ts",
    "!src/**/*.test-d.ts",
    "!src/**/{template,testing,test-processes}/**",
    "!src/**/contract-suite*",
    "!src/**/contract-suite*/**",
  ],
  unbundle: true,
  dts: { oxc: true },
  deps: { neverBundle: ["kysely"] },
  plugins: [builtWorkerUrls, libraryApart],
};

/** The one file with a library in it. */
const kysely: UserConfig = {
  ...shared,
  entry: { "store/kysely": "src/store/kysely.ts" },
  deps: { alwaysBundle: ["kysely"] },
  clean: false,
  dts: false,
};

export default defineConfig([sources, kysely]);
