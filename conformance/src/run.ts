import { judgeAsClient } from "./client/judge-client.ts";
import { notOurs } from "./client/not-ours.ts";
import { unanswerableChecks } from "./client/unanswerable.ts";
import { expectedThrough } from "./expected-through.ts";
import { expectedUnscored } from "./expected-unscored.ts";
import { startFixture } from "./fixture/start-fixture.ts";
import { judgeServer, type Report } from "./judge-server.ts";
import { startFixtureBehindGate } from "./through/start-fixture-behind-gate.ts";

const revisions = ["2026-07-28", "2025-11-25"] as const;

// The referee waits far more than it works, above all for tasks that no gate passes on.
const reports = await Promise.all([
  judgeServer({ what: "the fixture itself", start: () => startFixture(0), expected: { unscored: expectedUnscored } }),
  ...revisions.map((revision) =>
    judgeServer({
      what: `through a gate, before a server of ${revision}`,
      start: () => startFixtureBehindGate(revision),
      expected: expectedThrough[revision],
    }),
  ),
  judgeClient(),
]);
for (const { text } of reports) console.log(text);
for (const fault of reports.flatMap(({ faults }) => faults)) {
  console.error(`\n${fault}`);
  process.exitCode = 1;
}

async function judgeClient(): Promise<Report> {
  const verdicts = await judgeAsClient();
  const text = [
    "\n# a gate as the client of the referee's servers\n",
    ...verdicts.map(({ scenario, revision, passed }) => `  ${passed ? "pass" : "FAIL"}  ${scenario} (${revision})`),
    "\nChecks that a gate cannot answer:",
    ...Object.entries(unanswerableChecks).flatMap(([scenario, checks]) =>
      Object.entries(checks).map(([check, reason]) => `  ${scenario}, ${check}: ${reason}`),
    ),
    "\nNot asked of a gate:",
    ...Object.entries(notOurs).map(([scenario, reason]) => `  ${scenario}: ${reason}`),
  ].join("\n");
  const failed = verdicts.filter(({ passed }) => !passed);
  return { text, faults: failed.map(({ scenario, revision, output }) => `${scenario}, ${revision}:\n${output}`) };
}
