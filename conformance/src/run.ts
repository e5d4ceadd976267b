import { judgeAsClient } from "./client/judge-client.ts";
import { notOurs } from "./client/not-ours.ts";
import { expectedThrough } from "./expected-through.ts";
import { expectedUnscored } from "./expected-unscored.ts";
import { type RunningFixture, startFixture } from "./fixture/start-fixture.ts";
import { type Expected, judge } from "./judge.ts";
import { type RefereeRun, runReferee } from "./referee.ts";
import { startOldServer } from "./through/old-server.ts";
import { startThrough } from "./through/start-through.ts";

/** What the revisions require of a server, by the referee's own frozen sets. */
const requirements = { "2026-07-28": 37, "2025-11-25": 30 } as const;

const fixture = await startFixture(0);
const old = await startOldServer(fixture.url);
try {
  const itself = { url: fixture.url, close: () => Promise.resolve() };
  await judgeServer("the fixture itself", () => Promise.resolve(itself), { unscored: expectedUnscored });
  for (const [revision, url] of Object.entries({ "2026-07-28": fixture.url, "2025-11-25": old.url } as const)) {
    const expected = expectedThrough[revision as keyof typeof expectedThrough];
    await judgeServer(`through a gate, before a server of ${revision}`, () => startThrough(url), expected);
  }
  await judgeClient();
} finally {
  await old.close();
  await fixture.close();
}

/** Each run has a server of its own: the referee leaves calls behind that it was asked something in and never answered. */
async function judgeServer(what: string, start: () => Promise<RunningFixture>, expected: Expected): Promise<void> {
  console.log(`\n# ${what}`);
  const run = async (name: string, args: readonly string[]): Promise<RefereeRun> => {
    const server = await start();
    try {
      return await runReferee(name, server.url, args);
    } finally {
      await server.close();
    }
  };
  const required = [];
  for (const [revision, atLeast] of Object.entries(requirements)) {
    required.push({ run: await run(revision, ["--requirements", revision]), atLeast });
  }
  const everything = await run("all suites", ["--suite", "all"]);
  for (const { name, verdicts } of [...required.map(({ run }) => run), everything])
    console.log(tableOf(name, verdicts));
  const { faults, excused } = judge(required, everything, expected);
  for (const { run } of required) console.log(scoreOf(run));
  console.log("\nFailing, and expected to:");
  for (const [scenario, reason] of Object.entries(excused)) console.log(`  ${scenario}: ${reason}`);
  for (const fault of faults) fail(`${what}: ${fault}`);
}

async function judgeClient(): Promise<void> {
  console.log("\n# a gate as the client of the referee's servers\n");
  for (const { scenario, revision, passed, output } of await judgeAsClient()) {
    console.log(`  ${passed ? "pass" : "FAIL"}  ${scenario} (${revision})`);
    if (!passed) fail(`${scenario}, ${revision}:\n${output}`);
  }
  console.log("\nNot asked of a gate:");
  for (const [scenario, reason] of Object.entries(notOurs)) console.log(`  ${scenario}: ${reason}`);
}

function fail(words: string): void {
  console.error(`\n${words}`);
  process.exitCode = 1;
}

function tableOf(name: string, verdicts: RefereeRun["verdicts"]): string {
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
