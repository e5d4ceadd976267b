import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Loaded } from "./loaded-gate.ts";
import { measureOverload, type Overload } from "./measure-overload.ts";

const usage = "npm run bench:overload -- [--seconds 60] [--compute-us 1000] [--wait-ms 0] [--connections 64]";

const say = (words: string): unknown => process.stderr.write(`${words}\n`);
const COLUMNS = [
  "",
  "offered/s",
  "good/s",
  "refused/s",
  "late/s",
  "not sent/s",
  "ms p50",
  "ms p99",
  "health p50",
  "health p99",
  "MB",
];

function toRow(name: string, loaded: Loaded): readonly string[] {
  const { seconds, offered, good, refused, late, unsent, goodMs, healthMs, rssMb } = loaded;
  const perSecond = [offered, good, refused, late, unsent].map((count) => String(Math.round(count / seconds)));
  const times = [goodMs.p50, goodMs.p99, percentile(healthMs, 0.5), percentile(healthMs, 0.99)];
  return [name, ...perSecond, ...times.map((each) => each.toFixed(1)), String(Math.round(rssMb))];
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function toTable({ before, during, after }: Overload): string {
  const rows = [toRow("at its most", before), toRow("ten times that", during), toRow("afterwards", after)];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => "---")), ...rows.map(line)].join("\n");
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    "compute-us": { type: "string", default: "1000" },
    "wait-ms": { type: "string", default: "0" },
    connections: { type: "string", default: "64" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) say(usage);
else {
  const overload = await measureOverload({
    work: { computeUs: Number(values["compute-us"]), waitMs: Number(values["wait-ms"]) },
    warmUpSeconds: 3,
    steadySeconds: 10,
    overloadSeconds: Number(values.seconds),
    connections: Number(values.connections),
    deadlineMs: 5_000,
    say,
  });
  const { before, during, after } = overload;
  const share = (one: Loaded): string => `${Math.round((one.goodPerCpuSecond / before.goodPerCpuSecond) * 100)} %`;
  process.stdout.write(
    `${toTable(overload)}\n\nRight answers for a second of the gate's CPU, against those at its most: ${share(during)} under ` +
      `ten times the load, ${share(after)} afterwards.\n${cpus()[0]?.model}, Node ${process.version}\n`,
  );
}
