import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";

/** One scenario as the referee saw it: checks that passed and that failed. */
export interface Verdict {
  readonly scenario: string;
  readonly passed: number;
  readonly failed: number;
  /** Why it does not count for the revision; undefined where it does. */
  readonly unscored: string | undefined;
}

export interface RefereeRun {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
  /** What the referee printed. */
  readonly output: string;
}

const referee = createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/dist/index.js");
const scored = /^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed/gmu;
const notScored = /^ {2}[✓✗] ([\w-]+) \((.+)\)$/gmu;

/** Has the pinned referee judge a server. Throws where it gave no verdict at all. */
export async function runReferee(name: string, url: string, args: readonly string[]): Promise<RefereeRun> {
  const output = await outputOfReferee(["server", "--url", url, ...args]);
  const reasons = new Map([...output.matchAll(notScored)].map(([, scenario, reason]) => [scenario, reason]));
  const verdicts = [...output.matchAll(scored)].map(([, scenario = "", passed, failed]) => ({
    scenario,
    passed: Number(passed),
    failed: Number(failed),
    unscored: reasons.get(scenario),
  }));
  if (verdicts.length === 0) throw new Error(`The referee gave no verdict (${name}):\n${output}`);
  return { name, verdicts, output };
}

/** Runs the referee's command; gives all that it printed, whatever its verdict. */
export function outputOfReferee(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // It writes result files into its working directory unless told otherwise.
    const child = spawn(process.execPath, [referee, ...args], { cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", () => resolve(output));
  });
}
