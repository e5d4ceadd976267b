import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs every test of every workspace, types included, and closes with one line that says how many passed and failed. */
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "callgate-test-"));
const results = join(folder, "results.json");

const vitest = spawnSync(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
const { passed, failed, skipped } = count(vitest.status === 0);
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;

interface Results {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

function count(succeeded: boolean): { passed: number; failed: number; skipped: number } {
  const { testResults } = readResults();
  const statuses = testResults.flatMap((file) => file.assertionResults.map((test) => test.status));
  const having = (status: string) => statuses.filter((each) => each === status).length;
  const passed = having("passed");
  // A file that cannot be loaded has no tests to report and still fails.
  const broken = testResults.filter((file) => file.status === "failed" && !hasFailedTest(file)).length;
  const failed = having("failed") + broken;
  return {
    passed,
    failed: succeeded ? failed : Math.max(failed, 1),
    skipped: statuses.length - passed - having("failed"),
  };
}

function hasFailedTest(file: Results["testResults"][number]): boolean {
  return file.assertionResults.some((test) => test.status === "failed");
}

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(results, "utf8")) as Results;
  } catch {
    return { testResults: [] };
  }
}
