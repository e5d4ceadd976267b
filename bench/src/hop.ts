import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toSentence } from "./goals.ts";
import { ensureNginx } from "./hop/ensure-nginx.ts";
import { type HopOptions, hopUsage, readHopOptions } from "./hop/hop-options.ts";
import { findHopDoubts, type HopSample, judgeHops, summarizeHops, toHopTable } from "./hop/hop-report.ts";
import { type HopTarget, upstreamTarget } from "./hop/hop-targets.ts";
import { judgeMany, measureMany, toManyTable } from "./hop/measure-many.ts";
import { placeVariables } from "./hop/upstream-place.ts";
import { ensureWrk } from "./load/ensure-wrk.ts";
import { measureSteady } from "./load/steady.ts";
import { type Cores, chooseCores, describeMachine } from "./machine.ts";
import { measureRound } from "./round.ts";
import { ServerProcess } from "./server-process.ts";

const results = fileURLToPath(new URL("../results/", import.meta.url));
const say = (line: string): unknown => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const options = readHopOptions(process.argv.slice(2));
  if (options === undefined) return console.log(hopUsage);
  mkdirSync(results, { recursive: true });
  const cores = chooseCores();
  const machine = describeMachine(cores, await ensureWrk());
  const summary = summarizeHops(await measure(options, cores));
  const many = options.many ? await measureMany(options.seconds, cores) : [];
  const goals = [...judgeHops(summary), ...judgeMany(many)];
  const { rounds, seconds, connections, rate } = options;
  const report = { date: new Date().toISOString(), machine, options: { rounds, seconds, connections, rate } };
  writeFileSync(`${results}hop.json`, `${JSON.stringify({ ...report, goals, ways: summary, many }, null, 2)}\n`);
  if (summary.length > 0) console.log(`\n${toHopTable(summary)}\n`);
  for (const { name, about } of summary) console.log(`${name}: ${about}`);
  if (many.length > 0) console.log(`\n${toManyTable(many)}`);
  if (goals.length > 0) console.log(`\n${goals.map(toSentence).join("\n")}\n`);
  for (const doubt of findHopDoubts(summary)) console.log(`Doubt: ${doubt}`);
}

async function measure(options: HopOptions, cores: Cores): Promise<Map<HopTarget, HopSample[]>> {
  const servers: ServerProcess[] = [];
  try {
    const upstream = await ServerProcess.start(upstreamTarget, { core: cores.behind });
    servers.push(upstream);
    const variables = placeVariables({ url: upstream.request.url, core: cores.behind });
    const ways = new Map<HopTarget, ServerProcess>();
    for (const target of await present(options.targets)) {
      say(`starting ${target.name}`);
      const server = await ServerProcess.start(target, { core: cores.server, variables });
      server.pause();
      servers.push(server);
      ways.set(target, server);
    }
    return await measureRounds(ways, options, cores);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function present(targets: readonly HopTarget[]): Promise<readonly HopTarget[]> {
  if (!targets.some(({ name }) => name === "nginx")) return targets;
  const nginx = await ensureNginx(say);
  return nginx === undefined ? targets.filter(({ name }) => name !== "nginx") : targets;
}

async function measureRounds(
  ways: ReadonlyMap<HopTarget, ServerProcess>,
  options: HopOptions,
  cores: Cores,
): Promise<Map<HopTarget, HopSample[]>> {
  const samples = new Map<HopTarget, HopSample[]>([...ways.keys()].map((target) => [target, []]));
  for (let number = 0; number <= options.rounds; number += 1) {
    for (const [target, server] of ways) {
      const sample = await measureWay(server, options, cores);
      const { callsPerSecond } = sample.load;
      say(`round ${number}/${options.rounds}  ${target.name}  ${Math.round(callsPerSecond)} calls/s`);
      // The first round warms up.
      if (number > 0) samples.get(target)?.push(sample);
    }
  }
  return samples;
}

async function measureWay(
  server: ServerProcess,
  { connections, seconds, rate }: HopOptions,
  cores: Cores,
): Promise<HopSample> {
  const load = await measureRound(server, { connections, seconds, cores });
  server.resume();
  try {
    const { request, target } = server;
    const pace = { callsPerSecond: rate, seconds, firstNumber: server.takeNumbers() };
    return { load, steady: await measureSteady({ request, markers: target.call.markers, ...pace }, cores.load) };
  } finally {
    server.pause();
  }
}

await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
