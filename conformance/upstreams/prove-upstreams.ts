import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { httpFaults } from "./http-faults.ts";
import { tryFault } from "./try-fault.ts";

const usage = `Usage: npm run prove:upstreams -- [options]

Calls servers that refuse, reset, stall, trickle, never end, answer twice, late, for another call, with nonsense or by the
hundred megabytes, each on a real socket: every call gets the right error, and nothing is left of it.

  --calls N    of each fault (10000; a tenth of them where the server stalls)
  --only TEXT  faults with that in their name
  --help       this text

Ends with 0 where all was right, else with 1.`;

/** What a heap may grow by code that is compiled and pools that are warm. */
const MOST_GROWN_MB = 16;

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10000" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else await prove(Number(values.calls), values.only);

async function prove(most: number, only: string): Promise<void> {
  let wrong = 0;
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (const fault of httpFaults.filter(({ name }) => name.includes(only))) {
    const calls = fault.told === "upstream_timeout" ? Math.ceil(most / 10) : most;
    collect();
    const before = { descriptors: openDescriptors(), heap: heapMb() };
    const { told, slowestMs, left } = await tryFault(fault, calls);
    const expected = `${fault.told}${fault.nothingDone === true ? "!" : ""}`;
    collect();
    const descriptors = openDescriptors() - before.descriptors;
    const grown = heapMb() - before.heap;
    const isRight = told[expected] === calls && left === 0 && descriptors <= 2 && grown <= MOST_GROWN_MB;
    if (!isRight) wrong += 1;
    console.log(
      `${isRight ? "right" : "WRONG"}  ${fault.name}: ${JSON.stringify(told)}, slowest ${Math.round(slowestMs)} ms, ${left} connections and ${descriptors} descriptors left, ${grown} MB more`,
    );
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}

function heapMb(): number {
  return Math.round(process.memoryUsage().heapUsed / 1_048_576);
}

function openDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
