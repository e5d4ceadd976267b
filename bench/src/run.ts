import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ensureFilledStore } from "./callgate/gate-store.ts";
import { judgeGoals, toSentence } from "./goals.ts";
import { ensureWrk } from "./load/ensure-wrk.ts";
import { chooseCores, describeMachine } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { readOptions, usage } from "./options.ts";
import type { Report } from "./report.ts";
import { findDoubts, summarize, toTable } from "./report.ts";
import type { RoundOptions, Sample } from "./round.ts";
import { measureRound } from "./round.ts";
import { ServerProcess } from "./server-process.ts";
import { startDatabases } from "./start-databases.ts";
import type { Target } from "./targets.ts";

const results = fileURLToPath(new URL("../results/", import.meta.url));
const say = (line: string): unknown => process.stderr.write(`${line}\n`);

async function run(options: BenchOptions): Promise<Report> {
  const cores = chooseCores();
  const machine = describeMachine(cores, await ensureWrk());
  const servers: ServerProcess[] = [];
  // They have the load's core: the gate's is the gate's alone.
  const databases = options.targets.some(({ store }) => store === "postgres")
    ? await startDatabases(cores.load)
    : undefined;
  const stopAll = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await databases?.end();
  };
  process.once("SIGINT", () => void stopAll().finally(() => process.exit(130)));
  try {
    const hasGate = options.targets.some(({ kind }) => kind === "gate");
    const filledStore = hasGate ? await ensureFilledStore(say) : undefined;
    for (const target of options.targets) {
      say(`starting ${target.name}`);
      const server = await ServerProcess.start(target, {
        core: cores.server,
        filledStore,
        newDatabase: databases?.newDatabase,
      });
      server.pause();
      servers.push(server);
    }
    const samples = await measure(servers, options, { ...options, cores });
    const { connections, rounds, seconds } = options;
    const targets = summarize(samples);
    return {
      date: new Date().toISOString(),
      machine,
      options: { connections, rounds, seconds },
      targets,
      goals: judgeGoals(targets),
      sealed: Object.fromEntries(
        servers
          .filter(({ target }) => target.kind === "gate")
          .map((server) => [server.target.name, server.countNewlySealed()]),
      ),
    };
  } finally {
    await stopAll();
  }
}

async function measure(
  servers: readonly ServerProcess[],
  options: BenchOptions,
  round: RoundOptions,
): Promise<Map<Target, Sample[]>> {
  say(`warming up for ${options.warmup} s each`);
  for (const server of servers) await measureTurn(server, { ...round, seconds: options.warmup });
  const samples = new Map<Target, Sample[]>(servers.map(({ target }) => [target, []]));
  for (let number = 1; number <= options.rounds; number += 1) {
    for (const server of servers) {
      const sample = await measureTurn(server, round);
      samples.get(server.target)?.push(sample);
      say(`round ${number}/${options.rounds}  ${server.target.name}  ${Math.round(sample.callsPerSecond)} calls/s`);
    }
  }
  return samples;
}

async function measureTurn(server: ServerProcess, round: RoundOptions): Promise<Sample> {
  try {
    return await measureRound(server, round);
  } catch (error) {
    throw new Error(`${server.target.name}: the run does not count`, { cause: error });
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const report = await run(options);
  await mkdir(results, { recursive: true });
  await writeFile(`${results}latest.json`, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n${toTable(report.targets)}\n`);
  for (const { name, about, era } of report.targets) console.log(`${name}: ${about} (${era})`);
  if (report.goals.length > 0) console.log(`\n${report.goals.map(toSentence).join("\n")}\n`);
  for (const [name, count] of Object.entries(report.sealed)) {
    console.log(`${name}: ${count} segments of its audit were filled and sealed in the run`);
  }
  for (const doubt of findDoubts(report)) console.log(`Doubt: ${doubt}`);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${explain(error.cause)}`;
}

await main().catch((error: unknown) => {
  say(explain(error));
  process.exitCode = 1;
});
