import type { RunningFixture } from "./fixture/start-fixture.ts";
import { type Expected, judge, type RequiredRun } from "./judge.ts";
import { type RefereeRun, runReferee } from "./referee.ts";

/** What the revisions require of a server, by the referee's own frozen sets. */
const requirements = { "2026-07-28": 37, "2025-11-25": 30 } as const;

/** A server, started anew for each of the referee's runs, and what may fail of it. */
export interface Judged {
  readonly what: string;
  readonly start: () => Promise<RunningFixture>;
  readonly expected: Expected;
}

/** What came of it: tables, scores and excuses to read, and sentences where it has failed. */
export interface Report {
  readonly text: string;
  readonly faults: readonly string[];
}

/**
 * Has the referee judge a server by the requirements of each revision, and by every scenario it has. Each run has a server
 * of its own: the referee leaves calls behind that it was asked something in and never answered.
 */
export async function judgeServer({ what, start, expected }: Judged): Promise<Report> {
  const run = async (name: string, args: readonly string[]): Promise<RefereeRun> => {
    const server = await start();
    try {
      return await runReferee(name, server.url, args);
    } finally {
      await server.close();
    }
  };
  const required: RequiredRun[] = [];
  for (const [revision, atLeast] of Object.entries(requirements))
    required.push({ run: await run(revision, ["--requirements", revision]), atLeast });
  const everything = await run("all suites", ["--suite", "all"]);
  const { faults, excused } = judge(required, everything, expected);
  const text = [
    `\n# ${what}`,
    ...[...required.map((each) => each.run), everything].map(tableOf),
    ...required.map((each) => scoreOf(each.run)),
    "\nFailing, and expected to:",
    ...Object.entries(excused).map(([scenario, reason]) => `  ${scenario}: ${reason}`),
  ].join("\n");
  return { text, faults: faults.map((fault) => `${what}: ${fault}`) };
}

function tableOf({ name, verdicts }: RefereeRun): string {
  const width = Math.max(...verdicts.map(({ scenario }) => scenario.length));
  const rows = verdicts.map(({ scenario, passed, failed, unscored }) => {
    const mark = failed > 0 ? "FAIL" : passed > 0 ? "pass" : "none";
    const note = unscored === undefined ? "" : `  unscored (${unscored})`;
    return `  ${mark}  ${scenario.padEnd(width)}  ${String(passed).padStart(3)} passed ${String(failed).padStart(3)} failed${note}`;
  });
  return [`\n${name}`, ...rows].join("\n");
}

function scoreOf({ name, verdicts }: RefereeRun): string {
  const counted = verdicts.filter(({ unscored }) => unscored === undefined);
  const passing = counted.filter(({ failed }) => failed === 0);
  return `\n${name}: ${passing.length} of ${counted.length} required scenarios pass.`;
}
