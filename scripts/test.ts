import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { quickStarts } from "./quick-starts.ts";

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
  { cwd: root, stdio: "inherit", env: { ...process.env, ...(await quickStarts(folder)) } },
);
const { testResults } = readResults();
const { passed, failed, skipped } = count(vitest.status === 0);
rmSync(folder, { recursive: true });
for (const line of failures()) console.log(line);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;

interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Each failed test by file and name, with the beginning of what went wrong. */
function failures(): string[] {
  return testResults.flatMap((file) => {
    const path = relative(root, file.name);
    if (file.status === "failed" && !hasFailedTest(file)) return [`FAILED ${path}`, beginningOf(file.message)];
    const tests = file.assertionResults.filter(({ status }) => status === "failed");
    return tests.flatMap((test) => [`FAILED ${path} > ${test.fullName}`, beginningOf(test.failureMessages.join("\n"))]);
  });
}

function beginningOf(message: string): string {
  return message
    .split("\n")
    .slice(0, 6)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join("\n");
}

function count(succeeded: boolean): { passed: number; failed: number; skipped: number } {
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
