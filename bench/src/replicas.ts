import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createBookingCall } from "./create-booking.ts";
import { findBookingsCall } from "./find-bookings.ts";
import { ensureWrk } from "./load/ensure-wrk.ts";
import { generateLoad } from "./load/wrk.ts";
import { chooseCores } from "./machine.ts";
import { toMarkdownTable } from "./markdown-table.ts";
import { median } from "./median.ts";
import { ServerProcess } from "./server-process.ts";
import { startDatabases } from "./start-databases.ts";
import { type Target, targets } from "./targets.ts";

const results = fileURLToPath(new URL("../results/", import.meta.url));
const say = (line: string): unknown => process.stderr.write(`${line}\n`);

const usage = `Usage: npm run bench:replicas -- [options]

  --replicas N       gates on one PostgreSQL (3)
  --rounds N         rounds, each of which loads one gate alone, then all of them (5)
  --seconds N        length of each of the two (4)
  --connections N    keep-alive connections, over all gates (60)

One gate is to serve no more than a tenth faster than all of them together on the same two cores, which they share with
PostgreSQL and the load generator. Writes bench/results/replicas.json.`;

const atLeast = 0.9;
const calls = { read: findBookingsCall, write: createBookingCall } as const;

type Kind = keyof typeof calls;

interface Round {
  readonly kind: Kind;
  readonly alone: number;
  readonly together: number;
}

interface Options {
  readonly replicas: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return console.log(usage);
  mkdirSync(results, { recursive: true });
  await ensureWrk();
  const { server, load } = chooseCores();
  const cores = `${server},${load}`;
  const databases = await startDatabases(cores);
  const gates: Record<Kind, ServerProcess[]> = { read: [], write: [] };
  try {
    for (const kind of ["read", "write"] as const) gates[kind] = await startGates(kind, options, { cores, databases });
    const rounds: Round[] = [];
    for (let number = 0; number <= options.rounds; number += 1) {
      for (const kind of ["read", "write"] as const) {
        const alone = await callsPerSecond(gates[kind].slice(0, 1), kind, { ...options, cores });
        const together = await callsPerSecond(gates[kind], kind, { ...options, cores });
        say(`round ${number}/${options.rounds}  ${kind}  ${Math.round(alone)} alone, ${Math.round(together)} together`);
        // The first round warms up.
        if (number > 0) rounds.push({ kind, alone, together });
      }
    }
    report(rounds, options);
  } finally {
    await Promise.all([...gates.read, ...gates.write].map((gate) => gate.stop()));
    await databases.end();
  }
}

/** Gates on one database, with one key ring. */
async function startGates(
  kind: Kind,
  { replicas }: Options,
  { cores, databases }: { readonly cores: string; readonly databases: Awaited<ReturnType<typeof startDatabases>> },
): Promise<ServerProcess[]> {
  const database = await databases.newDatabase();
  const base = targets.find(({ name }) => name === "callgate-postgres");
  if (base === undefined) throw new Error("there is no target callgate-postgres");
  const gates: ServerProcess[] = [];
  for (let number = 1; number <= replicas; number += 1) {
    const target: Target = { ...base, name: `replica-${kind}-${number}`, call: calls[kind] };
    const first = `${results}gates/replica-${kind}-1/keyring.json`;
    const prepare = (folder: string): void => {
      if (number > 1) copyFileSync(first, `${folder}/keyring.json`);
    };
    gates.push(await ServerProcess.start(target, { core: cores, newDatabase: async () => database, prepare }));
  }
  return gates;
}

async function callsPerSecond(
  gates: readonly ServerProcess[],
  kind: Kind,
  { connections, seconds, cores }: Options & { readonly cores: string },
): Promise<number> {
  const each = Math.max(1, Math.round(connections / gates.length));
  const loads = await Promise.all(
    gates.map((gate) =>
      generateLoad({
        request: gate.request,
        markers: calls[kind].markers,
        firstNumber: gate.takeNumbers(),
        connections: each,
        seconds,
        core: cores,
      }),
    ),
  );
  return loads.reduce((sum, load) => sum + (load.calls / load.micros) * 1e6, 0);
}

function report(rounds: readonly Round[], options: Options): void {
  const kinds = (["read", "write"] as const).map((kind) => {
    const own = rounds.filter((round) => round.kind === kind);
    const alone = median(own.map((round) => round.alone));
    const together = median(own.map((round) => round.together));
    const ratio = median(own.map((round) => round.together / round.alone));
    return { kind, alone, together, ratio, isMet: ratio >= atLeast };
  });
  writeFileSync(
    `${results}replicas.json`,
    `${JSON.stringify({ date: new Date().toISOString(), options, kinds, rounds }, null, 2)}\n`,
  );
  const rows = kinds.map(({ kind, alone, together, ratio, isMet }) => [
    kind,
    String(Math.round(alone)),
    String(Math.round(together)),
    `${ratio.toFixed(2)} (${isMet ? "met" : "MISSED"}: ≥ ${atLeast})`,
  ]);
  console.log(toMarkdownTable(["call", "one gate, calls/s", `${options.replicas} gates, calls/s`, "ratio"], rows));
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      replicas: { type: "string", default: "3" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      connections: { type: "string", default: "60" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const count = (name: "replicas" | "rounds" | "seconds" | "connections"): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1.`);
    return value;
  };
  return {
    replicas: count("replicas"),
    rounds: count("rounds"),
    seconds: count("seconds"),
    connections: count("connections"),
  };
}

await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
