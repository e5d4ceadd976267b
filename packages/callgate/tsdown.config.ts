import { defineConfig, type Rolldown } from "tsdown";

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

export default defineConfig({
  entry: [
    "src/**/*.ts",
    "!src/**/*.test.ts",
    "!src/**/*.test-d.ts",
    "!src/**/{template,fixtures,testing,test-processes}/**",
    "!src/**/contract-suite*",
    "!src/**/contract-suite*/**",
  ],
  outDir: "build/dist",
  format: "esm",
  platform: "node",
  target: "node22.18",
  unbundle: true,
  fixedExtension: false,
  dts: { oxc: true },
  plugins: [builtWorkerUrls],
});
