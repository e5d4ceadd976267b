import { parseArgs } from "node:util";
import { childTrials } from "./child-trials.ts";
import { type Footprint, footprintOnceAt, holdings } from "./footprint.ts";
import { httpTrials } from "./http-trials.ts";
import { runTrial, type Trial } from "./trial.ts";
import { trustTests, unreachedTrials } from "./unreached-trials.ts";

const usage = `Usage: npm run prove:upstreams -- [options]

Calls servers that refuse, reset, stall, trickle, never end, answer twice, late, for another call, with nonsense or by the
hundred megabytes, with a wrong certificate or none, and children that end, hang and flood, each on a real socket or as a
real process: every call gets the right error, in time, and nothing is left of it.

  --calls N    of each fault (10000)
  --only TEXT  faults whose name has that in it, a regular expression
  --help       this text

Prints a table in Markdown, and ends with 0 where all was right, else with 1. Descriptors and processes are counted on Linux.`;

/** What memory may grow by pools that are warm and code that is compiled: of ten thousand calls, 200 bytes each. */
const MOST_GROWN_MB = 2;
const WARM_UP = 500;
/** Of a call that nothing answers the deadline is 100 ms; the rest is for a machine that does other things too. */
const IN_TIME_MS = 2_000;

/** What there is before anything was tried. */
const atFirst = holdings();

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10000" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else await prove(Number(values.calls), values.only);

async function prove(calls: number, only: string): Promise<void> {
  trustTests();
  const trials = [...httpTrials, ...unreachedTrials, ...childTrials].filter(({ name }) => new RegExp(only).test(name));
  const wrong: string[] = [];
  print("fault", "told", "calls", "as told", "slowest ms", "connections left", "descriptors", "processes", "MB in use");
  print(...Array.from({ length: 9 }, () => "---"));
  for (const trial of trials) wrong.push(...(await judge(trial, calls)).map((what) => `${trial.name}: ${what}`));
  for (const what of wrong) console.log(`WRONG  ${what}`);
  if (trials.length === 0 || wrong.length > 0) process.exitCode = 1;
}

/** What was wrong; empty where nothing was. */
async function judge(trial: Trial, calls: number): Promise<readonly string[]> {
  await runTrial(trial, Math.min(WARM_UP, calls));
  const before = await footprintOnceAt(atFirst);
  const { told, slowestMs, left } = await runTrial(trial, calls);
  const after = await footprintOnceAt({ ...before, memoryMb: before.memoryMb + MOST_GROWN_MB });
  const right = told[trial.told] ?? 0;
  const change = (what: keyof Footprint, digits = 0): string =>
    `${before[what].toFixed(digits)} → ${after[what].toFixed(digits)}`;
  const grown = [change("descriptors"), change("processes"), change("memoryMb", 1)] as const;
  print(trial.name, `\`${trial.told}\``, calls, right, Math.round(slowestMs), left, ...grown);
  const others = Object.fromEntries(Object.entries(told).filter(([answer]) => answer !== trial.told));
  return [
    ...(right === calls ? [] : [`other answers: ${JSON.stringify(others)}`]),
    ...(slowestMs <= IN_TIME_MS ? [] : [`a call took ${Math.round(slowestMs)} ms`]),
    ...(left === 0 ? [] : [`${left} connections were left`]),
    ...(after.descriptors <= before.descriptors ? [] : [`descriptors: ${grown[0]}`]),
    ...(after.processes <= before.processes ? [] : [`processes: ${grown[1]}`]),
    ...(after.memoryMb - before.memoryMb <= MOST_GROWN_MB ? [] : [`memory: ${grown[2]} MB`]),
  ];
}

function print(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}
