import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const folders = ["packages/*/src", "examples/*", "conformance", "bench", "scripts"];

export default defineConfig({
  test: {
    include: folders.map((folder) => `${folder}/**/*.test.ts`),
    exclude: ["**/node_modules/**", "**/build/**", "**/template/**"],
    typecheck: {
      enabled: true,
      checker: "tsc",
      // The sources are judged by `npm run types`.
      ignoreSourceErrors: true,
      include: folders.map((folder) => `${folder}/**/*.test-d.ts`),
    },
    expect: { requireAssertions: true, poll: { timeout: 30_000 } },
    pool: "forks",
    // Many tests wait, for processes or for time to pass: on two cores a third one fills what the others leave.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    retry: 0,
  },
});
