import { expectedUnscored } from "./expected-unscored.ts";
import { startFixture } from "./fixture/start-fixture.ts";
import { judge } from "./judge.ts";
import { type RefereeRun, runReferee } from "./referee.ts";

/** What the revisions require of a server, by the referee's own frozen sets. */
const requirements = { "2026-07-28": 37, "2025-11-25": 30 } as const;

const fixture = await startFixture(0);
try {
  const required = [];
  for (const [revision, atLeast] of Object.entries(requirements)) {
    required.push({ run: await runReferee(revision, fixture.url, ["--requirements", revision]), atLeast });
  }
  const everything = await runReferee("all suites", fixture.url, ["--suite", "all"]);
  for (const run of [...required.map(({ run }) => run), everything]) console.log(tableOf(run));
  const { faults, excused } = judge(required, everything, expectedUnscored);
  for (const { run } of required) console.log(scoreOf(run));
  console.log("\nUnscored, and failing:");
  for (const [scenario, reason] of Object.entries(excused)) console.log(`  ${scenario}: ${reason}`);
  for (const fault of faults) console.error(`\n${fault}`);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  await fixture.close();
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
